import { ModelError, PhotoError, UsageError } from '../../errors.js';
import { type Crop, hasOneSize, type Placement, place, type Resize } from '../../image/geometry.js';
import { channelCount, type PictureSpec, type TensorSpec } from '../../image/to-tensor.js';
import type { Size } from '../../maps/box.js';
import type { ModelFiles } from '../locate.js';
import type { Graph } from '../onnx/graph.js';
import { type Origin, originWords } from '../origin.js';
import { type PictureInput, readGraphInput } from './graph-input.js';
import type { PresetName } from './presets.js';
import { resizeTo } from './resize-to.js';
import { foreignFile, type InputFlags, sourcesOf, unknownProcessor } from './sources.js';
import { claims, type InputClaims, type InputKey, type InputValues, NO_CHANGE } from './values.js';

type Origins = Readonly<Record<InputKey, Origin>>;

/** How a photo becomes the network's input, each value with where it came from. */
export interface Input extends TensorSpec, PictureSpec {
  /** Size of the network's input, in pixels. Where it depends on the photo: the trial run's, for a square photo. */
  readonly size: Size;
  readonly resize: Resize;
  readonly crop: Crop | undefined;
  readonly origins: Origins;
  /** Warnings for the user about the files: where two disagree, or one is not understood. */
  readonly warnings: readonly string[];
}

export const noFlags: InputFlags = { unparsed: {}, preset: undefined, whole: false };

// 8192 x 8192. As float32 the input alone takes 800 MB, and the network needs a multiple of it.
const MAX_PIXELS = 2 ** 26;

const tooLarge = ({ width, height }: Size): string | undefined =>
  width * height > MAX_PIXELS
    ? `The network's input would be ${width} x ${height} pixels, and more than 67 million are not fed; give a smaller --size, --crop or --resize.`
    : undefined;

/**
 * Where a photo's pixels land in a network's input.
 * @throws PhotoError `input-too-large`.
 */
export const placeIn = (photo: Size, { resize, crop }: Input): Placement => {
  const placement = place(photo, resize, crop);
  const message = tooLarge(placement.canvas);
  if (message !== undefined) throw new PhotoError('input-too-large', message);
  return placement;
};

/** Warns where a preset has no effect, because the model's files override it. */
const unusedPreset = (preset: PresetName | undefined, origins: Origins): readonly string[] =>
  preset === undefined || Object.values(origins).some(({ source }) => source === 'preset')
    ? []
    : [`--preset ${preset} has no effect: what the model's files say is followed. Override single values with flags.`];

const sameWords = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

// Sources whose disagreement is worth a warning. Flags and gapcam's own file override others by design, and presets
// and assumptions give way.
const contradictable: ReadonlySet<Origin['source']> = new Set(['file', 'metadata', 'layers'] as const);

/** Takes each value from the most trusted source that has it. */
const settle = (layers: readonly InputClaims[]) => {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const warnings: string[] = [];
  for (const layer of layers) {
    for (const [key, claim] of Object.entries(layer)) {
      const winner = origins[key];
      if (winner === undefined) {
        values[key] = claim.value;
        origins[key] = claim.origin;
      } else if (
        contradictable.has(claim.origin.source) &&
        contradictable.has(winner.source) &&
        !sameWords(values[key], claim.value)
      ) {
        warnings.push(
          `Files beside the model contradict each other: for ${key}, ${originWords(winner)} is followed, not ${originWords(claim.origin)}.`,
        );
      }
    }
  }
  return { values: values as unknown as InputValues, origins: origins as Origins, warnings };
};

const AS_IT_IS =
  '--size holds for the trial run alone: with --resize none and --crop none each photo is fed as large as it is.';

const accepted = ({ width, height }: PictureInput): string =>
  `${width ?? 'any width'}${typeof width === 'number' && typeof height === 'number' ? 'x' : ' by '}${height ?? 'any height'}`;

const perChannel = (key: string, list: readonly number[], count: number, origin: Origin): readonly number[] => {
  if (list.length === count) return list;
  if (list.length === 1) return Array.from({ length: count }, () => list[0]);
  if (count === 1 && list.every((value) => value === list[0])) return [list[0]];
  throw new ModelError(
    'channel-mismatch',
    `The network takes ${count} channels, but ${key} (${originWords(origin)}) has ${list.length} numbers.`,
  );
};

/** How the photo is resized and cropped. The user may ask for another size than the files give. */
const geometryOf = (
  values: InputValues,
  flagged: InputClaims,
  foundSize: Size,
  { whole, steps }: InputFlags,
): Pick<Input, 'resize' | 'crop'> => {
  const wanted = flagged.size?.value;
  if (whole) {
    if (flagged.crop !== undefined) {
      throw new UsageError('usage', '--whole feeds all of the photo, --crop a part of it; give one of them.');
    }
    const { width, height } = wanted ?? foundSize;
    const edge = Math.min(width, height);
    return { resize: { rule: 'shortest-edge', edge, ...(steps && { steps }) }, crop: undefined };
  }
  // A size from the user adapts the resize rule that was found. The user's own rule stays unchanged.
  const resize =
    wanted !== undefined && flagged.resize === undefined ? resizeTo(values.resize, foundSize, wanted) : values.resize;
  const crop = values.crop === 'none' ? undefined : values.crop;
  return { resize, crop: crop && wanted && flagged.crop === undefined ? { ...crop, ...wanted } : crop };
};

/**
 * Size of the network's input, in pixels. Where it depends on the photo, the size for a square photo.
 * @param asIs size of the trial run's photo, where photos are fed in their own size.
 * @throws ModelError `input-too-large`, or `size-mismatch` where the network does not take it.
 */
const sizeFor = (
  picture: PictureInput,
  { resize, crop }: Pick<Input, 'resize' | 'crop'>,
  asIs: Size | undefined,
  origin: Origin,
): Size => {
  const size = place(asIs ?? { width: 1000, height: 1000 }, resize, crop).canvas;
  const message = tooLarge(size);
  if (message !== undefined) throw new ModelError('input-too-large', message);
  const fixed = picture.width !== undefined || picture.height !== undefined;
  if (fixed && !hasOneSize(resize, crop)) {
    throw new ModelError(
      'size-mismatch',
      `Photos would be fed in sizes of their own, but the model takes ${accepted(picture)} pixels.`,
    );
  }
  if ((picture.height ?? size.height) !== size.height || (picture.width ?? size.width) !== size.width) {
    throw new ModelError(
      'size-mismatch',
      `Photos would be fed as ${size.width}x${size.height} pixels (${originWords(origin)}), but the model takes ${accepted(picture)}.`,
    );
  }
  return size;
};

/** Origins of the geometry: `--whole` and `--size` override the files. */
const geometryOrigins = (origins: Origins, sizeIsSaid: boolean, crop: Crop | undefined, whole: boolean): Origins => {
  const said: Origin = { source: 'flag', where: '--whole' };
  if (whole) return { ...origins, size: said, resize: said, crop: said };
  // The last step decides the size.
  return sizeIsSaid ? origins : { ...origins, size: crop === undefined ? origins.resize : origins.crop };
};

/**
 * How photos are fed to a network.
 * @throws ModelError where the network takes no picture, or the values do not fit it; UsageError for a wrong flag.
 */
export const settleInput = (graph: Graph, files: ModelFiles, flags: InputFlags): Input => {
  const picture = readGraphInput(graph);
  const [flagged, ...found] = sourcesOf(files, graph, picture, flags);
  // A uint8 input cannot be normalised, so the files' normalisation is ignored.
  const bytes =
    picture.type === 'uint8'
      ? claims({ source: 'graph', where: 'its input is uint8' }, { rescale: 1, ...NO_CHANGE })
      : {};
  const { values, origins, warnings } = settle([bytes, flagged, ...found]);
  const wanted = flagged.size?.value;
  const foundSize = found.find((layer) => layer.size !== undefined)?.size?.value ?? values.size;
  const { resize, crop } = geometryOf(values, flagged, foundSize, flags);
  // Where photos are fed in their own size, the user's size is only the trial's.
  const isAsItIs = resize.rule === 'none' && crop === undefined;
  const trialSize = wanted ?? (origins.size.source === 'own-file' ? values.size : undefined);
  const size = sizeFor(picture, { resize, crop }, isAsItIs ? trialSize : undefined, origins.size);
  const savedSize = origins.size.source === 'own-file' && sameWords(values.size, size);
  const count = channelCount(values.channels);
  const { layout, channels, rescale, resample, fill } = values;
  return {
    name: picture.name,
    type: picture.type,
    layout,
    channels,
    rescale,
    mean: perChannel('mean', values.mean, count, origins.mean),
    std: perChannel('std', values.std, count, origins.std),
    resample,
    fill,
    size,
    resize,
    crop,
    origins: geometryOrigins(origins, wanted !== undefined || savedSize, crop, flags.whole),
    warnings: [
      ...foreignFile(files),
      ...unknownProcessor(files),
      ...unusedPreset(flags.preset, origins),
      ...(isAsItIs && wanted !== undefined ? [AS_IT_IS] : []),
      ...warnings,
    ],
  };
};
