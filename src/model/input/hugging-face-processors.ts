import type { Resample } from '../../photo/resample.js';
import type { Json } from './json.js';
import { IMAGENET } from './values.js';

/** What an image processor of Hugging Face's transformers does where its file leaves a value out. */
export interface Processor {
  readonly name: string;
  /** Whether its class is one of those below; any other's values are taken at their word. */
  readonly known: boolean;
  readonly size:
    | number
    | { readonly shortest_edge: number }
    | { readonly height: number; readonly width: number }
    | undefined;
  /** Whether a size of one number means a square; else the shortest edge. */
  readonly square: boolean;
  readonly resample: Resample | undefined;
  readonly crop: number | undefined;
  readonly cropOn: boolean;
  readonly mean: readonly number[] | undefined;
  readonly std: readonly number[] | undefined;
  /** A rule of its own. */
  readonly own: 'convnext' | 'levit' | 'poolformer' | 'perceiver' | 'efficientnet' | 'mobilevit' | undefined;
}

const half = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
const clip = { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] };

const plain = { known: true, crop: undefined, cropOn: false, own: undefined };

// Defaults of transformers 5.24, read from each class.
const processors: Readonly<Record<string, Omit<Processor, 'name'>>> = {
  ViT: { ...plain, ...half, size: 224, square: true, resample: 'bilinear' },
  DeiT: { ...plain, ...half, size: 256, square: true, resample: 'bicubic', crop: 224, cropOn: true },
  ConvNext: { ...plain, ...half, size: { shortest_edge: 384 }, square: false, resample: 'bicubic', own: 'convnext' },
  Bit: { ...plain, ...clip, size: { shortest_edge: 224 }, square: false, resample: 'bicubic', crop: 224, cropOn: true },
  CLIP: {
    ...plain,
    ...clip,
    size: { shortest_edge: 224 },
    square: false,
    resample: 'bicubic',
    crop: 224,
    cropOn: true,
  },
  ChineseCLIP: {
    ...plain,
    ...clip,
    size: { shortest_edge: 224 },
    square: false,
    resample: 'bicubic',
    crop: 224,
    cropOn: true,
  },
  Siglip: { ...plain, ...half, size: { height: 224, width: 224 }, square: false, resample: 'bicubic' },
  Levit: {
    ...plain,
    ...IMAGENET,
    size: { shortest_edge: 224 },
    square: false,
    resample: 'bicubic',
    crop: 224,
    cropOn: true,
    own: 'levit',
  },
  MobileNetV1: {
    ...plain,
    ...half,
    size: { shortest_edge: 256 },
    square: false,
    resample: 'bilinear',
    crop: 224,
    cropOn: true,
  },
  MobileNetV2: {
    ...plain,
    ...half,
    size: { shortest_edge: 256 },
    square: false,
    resample: 'bilinear',
    crop: 224,
    cropOn: true,
  },
  MobileViT: {
    ...plain,
    ...half,
    size: { shortest_edge: 224 },
    square: false,
    resample: 'bicubic',
    crop: 256,
    cropOn: true,
    own: 'mobilevit',
  },
  EfficientNet: { ...plain, ...half, size: 346, square: true, resample: 'bicubic', crop: 289, own: 'efficientnet' },
  PoolFormer: {
    ...plain,
    ...IMAGENET,
    size: { shortest_edge: 224 },
    square: false,
    resample: 'bicubic',
    crop: 224,
    cropOn: true,
    own: 'poolformer',
  },
  Pvt: { ...plain, ...IMAGENET, size: 224, square: true, resample: 'bicubic' },
  Segformer: { ...plain, ...IMAGENET, size: 512, square: true, resample: 'bilinear' },
  Beit: { ...plain, ...half, size: 224, square: true, resample: 'bicubic', crop: 224 },
  Perceiver: {
    ...plain,
    ...IMAGENET,
    size: 224,
    square: true,
    resample: 'bicubic',
    crop: 256,
    cropOn: true,
    own: 'perceiver',
  },
  EfficientFormer: { ...plain, ...IMAGENET, size: 224, square: true, resample: 'bicubic', crop: 224, cropOn: true },
  ViTHybrid: {
    ...plain,
    ...clip,
    size: { shortest_edge: 224 },
    square: true,
    resample: 'bicubic',
    crop: 224,
    cropOn: true,
  },
};

// Which processor a model's type has where its file names none.
const modelTypes: Readonly<Record<string, readonly string[]>> = {
  ViT: ['vit', 'vit_msn', 'vit_mae', 'swin', 'swinv2', 'swiftformer', 'dinat', 'nat', 'ijepa'],
  DeiT: ['deit'],
  Beit: ['beit', 'data2vec-vision'],
  Bit: ['bit', 'dinov2', 'focalnet', 'hiera', 'pixio'],
  CLIP: ['clip', 'metaclip_2', 'mlcd'],
  ConvNext: ['convnext', 'convnextv2', 'cvt', 'resnet', 'regnet', 'van'],
  EfficientNet: ['efficientnet', 'align'],
  EfficientFormer: ['efficientformer'],
  Levit: ['levit'],
  MobileNetV1: ['mobilenet_v1'],
  MobileNetV2: ['mobilenet_v2'],
  MobileViT: ['mobilevit', 'mobilevitv2'],
  Perceiver: ['perceiver'],
  PoolFormer: ['poolformer'],
  Segformer: ['segformer', 'upernet'],
  Pvt: ['pvt', 'pvt_v2'],
  Siglip: ['siglip'],
  ViTHybrid: ['vit_hybrid', 'vit-hybrid'],
};

// A file of no known class is taken at its word, and must say everything.
const unknown: Omit<Processor, 'name'> = {
  ...plain,
  known: false,
  size: undefined,
  square: true,
  resample: undefined,
  mean: undefined,
  std: undefined,
};

const classOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.replace(/(ImageProcessor|FeatureExtractor)(Fast|Pil)?$/, '') : undefined;

/** The processor that a model's files name, by class or by model type. */
export const processorOf = (json: Json, config: Json | undefined): Processor => {
  const type = config?.model_type;
  const byType = Object.keys(modelTypes).find((name) => typeof type === 'string' && modelTypes[name].includes(type));
  const named =
    classOf(json.image_processor_type) ?? classOf(json.feature_extractor_type) ?? classOf(config?.image_processor_type);
  const name = named ?? byType;
  if (name !== undefined && Object.hasOwn(processors, name))
    return { name: `${name}ImageProcessor`, ...processors[name] };
  // A crop_pct says which rule is meant, whoever wrote the file.
  const own = 'crop_pct' in json ? 'convnext' : undefined;
  return { name: named === undefined ? 'no known processor' : `${named}ImageProcessor`, ...unknown, own };
};
