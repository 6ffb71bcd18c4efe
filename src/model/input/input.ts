import { ModelError, UsageError } from '../../errors.js';
import type { Alpha } from '../../image/alpha.js';
import type { Align, Crop, Resize } from '../../image/geometry.js';
import type { PictureSpec } from '../../image/network-picture.js';
import { type Resample, takesAnyPart } from '../../image/resample/index.js';
import { channelCount, type TensorSpec } from '../../image/to-tensor.js';
import type { Size } from '../../maps/box.js';
import type { ModelFiles } from '../locate.js';
import type { Graph } from '../onnx/graph.js';
import { type Origin, originWords } from '../origin.js';
import { fixedEdges, sizeFor, trialSize } from './fit.js';
import { readGraphInput } from './graph-input.js';
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
  readonly align: Align;
  /** Edges that the network fixes, in pixels. Photos that are fed as large as they are must have them. */
  readonly fixed: Partial<Size>;
  /** What becomes of a photo's transparency. */
  readonly alpha: Alpha;
  readonly origins: Origins;
  /** Warnings for the user about the files: where two disagree, or one is not understood. */
  readonly warnings: readonly string[];
}

export const noFlags: InputFlags = { unparsed: {}, preset: undefined, whole: false };

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

const perChannel = (key: string, list: readonly number[], count: number, origin: Origin): readonly number[] => {
  if (list.length === count) return list;
  if (list.length === 1) return Array.from({ length: count }, () => list[0]);
  if (count === 1 && list.every((value) => value === list[0])) return [list[0]];
  throw new ModelError(
    'channel-mismatch',
    `The network takes ${count} channels, but ${key} (${originWords(origin)}) has ${list.length} numbers; give --${key} one for each channel, or one for all.`,
  );
};

/**
 * The geometry with the rounding of the library that resizes. Whoever resizes by OpenCV or TensorFlow crops an array, whose
 * odd margin is floored, and cuts at whole pixels. A file's crop stays as its own library rounds it,
 * and one that our own file says with its rounding.
 */
const asItsLibrary = (
  { resize, crop }: Pick<Input, 'resize' | 'crop'>,
  resample: Resample,
  origins: Origins,
): Pick<Input, 'resize' | 'crop'> => {
  if (takesAnyPart(resample)) return { resize, crop };
  const isArray = crop !== undefined && origins.crop.source !== 'file' && !origins.crop.exact;
  return {
    resize: resize.rule === 'middle-square' ? { ...resize, whole: true } : resize,
    crop: isArray ? { ...crop, rounding: 'floor' } : crop,
  };
};

/** How the photo is resized and cropped. The user may ask for another size than the files give. */
const geometryOf = (
  values: InputValues,
  flagged: InputClaims,
  foundSize: Size,
  { unparsed, whole, steps }: InputFlags,
): Pick<Input, 'resize' | 'crop'> => {
  const wanted = flagged.size?.value;
  if (whole) {
    if (unparsed.crop !== undefined) {
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
  const savedSize = origins.size.source === 'own-file' ? values.size : undefined;
  const asIs = isAsItIs ? trialSize(picture, wanted ?? savedSize) : undefined;
  const size = sizeFor(picture, { resize, crop }, asIs, origins.size);
  const isSizeSaid = wanted !== undefined || (savedSize !== undefined && sameWords(savedSize, size));
  const count = channelCount(values.channels);
  const { layout, channels, rescale, resample, fill, align, alpha } = values;
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
    align,
    alpha,
    size,
    ...asItsLibrary({ resize, crop }, resample, origins),
    fixed: fixedEdges(picture),
    origins: geometryOrigins(origins, isSizeSaid, crop, flags.whole),
    warnings: [
      ...foreignFile(files),
      ...unknownProcessor(files),
      ...unusedPreset(flags.preset, origins),
      ...(isAsItIs && wanted !== undefined ? [AS_IT_IS] : []),
      ...warnings,
    ],
  };
};
