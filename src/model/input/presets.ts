import type { Resample } from '../../image/resample/index.js';
import type { Size } from '../../maps/box.js';
import { claims, IMAGENET, type InputClaims, type InputValues, NO_CHANGE, torchCrop } from './values.js';

const SIZE = 224;

/** torchvision's evaluation transform: shortest edge, centre crop. */
const torchvision = ({ width, height }: Size): Partial<InputValues> => ({
  resize:
    width === height
      ? { rule: 'shortest-edge', edge: Math.floor((width * 256) / SIZE) }
      : { rule: 'exact', width, height },
  crop: width === height ? torchCrop({ width, height }) : 'none',
  resample: 'bilinear',
  alpha: 'drop',
  channels: 'rgb',
  rescale: 1 / 255,
  ...IMAGENET,
});

/** Squeezed or stretched to the network's size, without a crop. */
const squeezed =
  (resample: Resample, numbers: Partial<InputValues>) =>
  (size: Size): Partial<InputValues> => ({
    resize: { rule: 'exact', ...size },
    crop: 'none',
    resample,
    alpha: 'drop',
    channels: 'rgb',
    ...numbers,
  });

/** Keras' `load_img(target_size=...)`, which takes the nearest pixels. */
const keras = (numbers: Partial<InputValues>) => squeezed('nearest', numbers);

/** PaddleClas' evaluation transform: ResizeImage(resize_short=256), CropImage(224). */
const paddle = ({ width, height }: Size): Partial<InputValues> => ({
  ...torchvision({ width, height }),
  ...(width === height && {
    resize: { rule: 'shortest-edge', edge: Math.floor((width * 256) / SIZE), rounded: true },
    crop: { width, height, rounding: 'floor', padding: 'far' },
  }),
  resample: 'opencv-linear',
});

const ultralytics = (size: Size): Partial<InputValues> => ({
  ...torchvision(size),
  ...NO_CHANGE,
  size,
  ...(size.width === size.height && { resize: { rule: 'shortest-edge', edge: size.width } }),
});

const teachableMachine = (size: Size): Partial<InputValues> => ({
  resize: { rule: 'middle-square', share: 1, whole: false, ...size },
  crop: 'none',
  resample: 'lanczos',
  alpha: 'drop',
  channels: 'rgb',
  rescale: 1 / 127.5,
  mean: [1, 1, 1],
  std: [1, 1, 1],
});

/** How photos are fed, by name, for models that come without files. A new one is one entry. */
export const presets = {
  imagenet: torchvision,
  torchvision,
  'keras-tf': keras({ rescale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1] }),
  'keras-caffe': keras({ channels: 'bgr', rescale: 1, mean: [103.939, 116.779, 123.68], std: [1, 1, 1] }),
  'keras-torch': keras({ rescale: 1 / 255, ...IMAGENET }),
  ultralytics,
  'teachable-machine': teachableMachine,
  opencv: squeezed('opencv-linear', { rescale: 1 / 255, ...NO_CHANGE }),
  paddle,
  raw: squeezed('bilinear', { alpha: 'white', rescale: 1, ...NO_CHANGE }),
} satisfies Record<string, (size: Size) => Partial<InputValues>>;

export type PresetName = keyof typeof presets;

// What Keras resizes by depends on how photos are loaded, which no file of a model says.
const LOAD_IMG =
  "Keras' load_img resizes so; for image_dataset_from_directory or a Resizing layer: --resample tf-bilinear";

// Why a preset resizes as it does.
const reasons: Partial<Record<PresetName, string>> = {
  'keras-tf': LOAD_IMG,
  'keras-caffe': LOAD_IMG,
  'keras-torch': LOAD_IMG,
  paddle: "PaddleClas' default; for its Pillow backend: --resample bilinear",
};

/** What a preset says of an input of this size, and why where that is a choice. */
export const presetClaims = (name: PresetName, size: Size): InputClaims => {
  const all = claims({ source: 'preset', where: name }, presets[name](size));
  const { resample } = all;
  const why = reasons[name];
  if (why === undefined || resample === undefined) return all;
  return { ...all, resample: { ...resample, origin: { source: 'preset', where: `${name}: ${why}` } } };
};

/** Input size for a preset's networks, where no other source gives it. */
export const presetSize: Size = { width: SIZE, height: SIZE };
