import type { Size } from '../../maps/box.js';
import { IMAGENET, type InputValues, NO_CHANGE, torchCrop } from './values.js';

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

/** Keras' `load_img(target_size=...)`, which takes the nearest pixels. */
const keras =
  (numbers: Partial<InputValues>) =>
  (size: Size): Partial<InputValues> => ({
    resize: { rule: 'exact', ...size },
    crop: 'none',
    resample: 'nearest',
    alpha: 'drop',
    channels: 'rgb',
    ...numbers,
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
  raw: keras({ resample: 'bilinear', alpha: 'white', rescale: 1, ...NO_CHANGE }),
} satisfies Record<string, (size: Size) => Partial<InputValues>>;

export type PresetName = keyof typeof presets;

/** Input size for a preset's networks, where no other source gives it. */
export const presetSize: Size = { width: SIZE, height: SIZE };
