import type { Resample } from '../../image/resample/index.js';
import type { Json } from './json.js';
import { IMAGENET } from './values.js';

/** The defaults of an image processor of Hugging Face's transformers, for values that its file leaves out. */
export interface Processor {
  readonly name: string;
  /** Whether its class is one of those below. For any other, the file's values are used as they are. */
  readonly known: boolean;
  readonly size:
    | number
    | { readonly shortest_edge: number }
    | { readonly height: number; readonly width: number }
    | undefined;
  /** Whether a size of one number means a square. If not, it means the shortest edge. */
  readonly square: boolean;
  readonly resample: Resample | undefined;
  readonly crop: number | undefined;
  readonly cropOn: boolean;
  readonly mean: readonly number[] | undefined;
  readonly std: readonly number[] | undefined;
  /** A rule of its own. */
  readonly own: 'convnext' | 'levit' | 'poolformer' | 'perceiver' | 'efficientnet' | 'mobilevit' | undefined;
}

type Fields = Omit<Processor, 'name'>;

const HALF = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
const CLIP = { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] };

/** A size that is a square, also where a file gives one number. */
const square = (edge: number) => ({ size: edge, square: true });
/** A size that is the shortest edge, also where a file gives one number. */
const shortest = (edge: number) => ({ size: { shortest_edge: edge }, square: false });
/** Crops the centre, unless the file turns it off. */
const crops = (edge: number) => ({ crop: edge, cropOn: true });

const processor = (
  size: Pick<Fields, 'size' | 'square'>,
  resample: Resample,
  numbers: Pick<Fields, 'mean' | 'std'>,
  more: Partial<Fields> = {},
): Fields => ({ known: true, crop: undefined, cropOn: false, own: undefined, ...size, resample, ...numbers, ...more });

// Defaults of transformers 5.24, read from each class.
const processors: Readonly<Record<string, Fields>> = {
  ViT: processor(square(224), 'bilinear', HALF),
  DeiT: processor(square(256), 'bicubic', HALF, crops(224)),
  ConvNext: processor(shortest(384), 'bicubic', HALF, { own: 'convnext' }),
  Bit: processor(shortest(224), 'bicubic', CLIP, crops(224)),
  CLIP: processor(shortest(224), 'bicubic', CLIP, crops(224)),
  ChineseCLIP: processor(shortest(224), 'bicubic', CLIP, crops(224)),
  Siglip: processor({ size: { height: 224, width: 224 }, square: false }, 'bicubic', HALF),
  Levit: processor(shortest(224), 'bicubic', IMAGENET, { ...crops(224), own: 'levit' }),
  MobileNetV1: processor(shortest(256), 'bilinear', HALF, crops(224)),
  MobileNetV2: processor(shortest(256), 'bilinear', HALF, crops(224)),
  MobileViT: processor(shortest(224), 'bicubic', HALF, { ...crops(256), own: 'mobilevit' }),
  EfficientNet: processor(square(346), 'bicubic', HALF, { crop: 289, own: 'efficientnet' }),
  PoolFormer: processor(shortest(224), 'bicubic', IMAGENET, { ...crops(224), own: 'poolformer' }),
  Pvt: processor(square(224), 'bicubic', IMAGENET),
  Segformer: processor(square(512), 'bilinear', IMAGENET),
  Beit: processor(square(224), 'bicubic', HALF, { crop: 224 }),
  Perceiver: processor(square(224), 'bicubic', IMAGENET, { ...crops(256), own: 'perceiver' }),
  EfficientFormer: processor(square(224), 'bicubic', IMAGENET, crops(224)),
  ViTHybrid: processor(shortest(224), 'bicubic', CLIP, crops(224)),
};

// The processor for a model type whose file names none.
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

// For an unknown class there are no defaults, so the file must give every value.
const unknown: Fields = {
  known: false,
  size: undefined,
  square: true,
  resample: undefined,
  crop: undefined,
  cropOn: false,
  mean: undefined,
  std: undefined,
  own: undefined,
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
  // A crop_pct implies ConvNeXt's rule, in a file of any class.
  const own = 'crop_pct' in json ? 'convnext' : undefined;
  return { name: named === undefined ? 'no known processor' : `${named}ImageProcessor`, ...unknown, own };
};
