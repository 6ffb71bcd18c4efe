import { ModelError, quoted } from '../../errors.js';
import type { Channels } from '../../image/to-tensor.js';
import { presets } from './presets.js';
import { claims, type InputClaims, type InputValues, NO_CHANGE } from './values.js';

/** Values that Ultralytics' exporter leaves in the model. */
const readUltralytics = (metadata: ReadonlyMap<string, string>): InputClaims => {
  const size = metadata.get('imgsz');
  if (metadata.get('task') !== 'classify' || size === undefined) return {};
  const [height, width = height] = (size.match(/\d+/g) ?? []).map(Number);
  if (!(height > 0 && width > 0))
    throw new ModelError(
      'bad-metadata',
      `The model's metadata imgsz is ${quoted(size)}, which is no size; export the model again.`,
    );
  return claims({ source: 'metadata', where: 'imgsz, task' }, presets.ultralytics({ width, height }));
};

const pixelFormats: ReadonlyMap<string, Channels> = new Map([
  ['Rgb8', 'rgb'],
  ['Rgba8', 'rgb'],
  ['Bgr8', 'bgr'],
  ['Bgra8', 'bgr'],
  ['Gray8', 'gray'],
]);

const pixelRanges: ReadonlyMap<string, Pick<InputValues, 'rescale' | 'mean'>> = new Map([
  ['NominalRange_0_255', { rescale: 1, mean: NO_CHANGE.mean }],
  ['Normalized_0_1', { rescale: 1 / 255, mean: NO_CHANGE.mean }],
  ['Normalized_1_1', { rescale: 2 / 255, mean: [1, 1, 1] }],
]);

/** ONNX's standard keys for pictures: https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md */
const readImageWords = (metadata: ReadonlyMap<string, string>): InputClaims => {
  const channels = pixelFormats.get(metadata.get('Image.BitmapPixelFormat') ?? '');
  const range = pixelRanges.get(metadata.get('Image.NominalPixelRange') ?? '');
  return {
    ...(channels && claims({ source: 'metadata', where: 'Image.BitmapPixelFormat' }, { channels })),
    ...(range && claims({ source: 'metadata', where: 'Image.NominalPixelRange' }, { ...range, std: NO_CHANGE.std })),
  };
};

/** The values in the model's metadata. */
export const readMetadata = (metadata: ReadonlyMap<string, string>): InputClaims => ({
  ...readImageWords(metadata),
  ...readUltralytics(metadata),
});
