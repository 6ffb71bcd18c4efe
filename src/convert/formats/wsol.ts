import { type Extent, extentOf } from '../../localise/plane.js';
import { openCvCubic } from '../../maps/kernels.js';
import { openCvCubicResize } from '../../maps/opencv-resize.js';
import { isFlat } from '../../maps/residual.js';
import { cellsOf } from '../../maps/result.js';
import { npyOf } from '../../render/npy.js';
import { overPhoto } from '../../render/over-photo.js';
import type { MapRecord } from '../../results/line.js';
import type { Format, FoundPhoto } from '../format.js';
import { withEnding } from '../names.js';
import { frameOf, type Pixels } from '../orientation.js';
import { requirePlaces } from '../require-places.js';

/** Pixels on each side of a score map: those of wsolevaluation's evaluation.py, _RESIZE_LENGTH. */
export const SIDE = 224;

/** Photo pixels by which cells may miss the photo's border and still cover all of it. */
const BORDER = 0.5;

/** Whether a map's cells cover its whole photo and nothing else, and the network saw all of it. */
export const isOfWhole = ({ photo, field, seen }: Extent): boolean =>
  [field, seen].every(({ x, y, width, height }) =>
    [x, y, width - photo.width, height - photo.height].every((value) => Math.abs(value) <= BORDER),
  );

/** Stretches values from the smallest to the largest, to [0, 1]. NaN, where nothing was seen, becomes 0. */
const stretch = (values: Float64Array): void => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  // By index: iterators of such arrays take ten times as long.
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  for (let i = 0; i < values.length; i++) values[i] = values[i] > low ? (values[i] - low) / (high - low) : 0;
};

/**
 * A map's scores over the whole photo, [224, 224], from 0 to 1: where its cells cover the photo, the very numbers of
 * wsolevaluation's resize and `normalize_scoremap`.
 * @param orientation how the photo's pixels are stored. @param into [224, 224], for the scores where they need not be turned.
 */
export const scoreMap = (
  map: MapRecord,
  extent: Extent,
  orientation: number,
  pixels: Pixels,
  into = new Float64Array(SIDE * SIDE),
): Float64Array => {
  // Rounding is all that stretching would find in a flat map; and a map with NaN has no values, as in wsolevaluation.
  if (isFlat(map) || map.map.some(Number.isNaN)) return into.fill(0);
  const size = { width: SIDE, height: SIDE };
  if (isOfWhole(extent)) openCvCubicResize(cellsOf(map), SIDE, into);
  else overPhoto(cellsOf(map), extent, { size, kernel: openCvCubic, unseen: Number.NaN }, into);
  stretch(into);
  return frameOf(size, orientation, pixels).maskOf(into);
};

const firstScoreMap = ({ line, orientation }: FoundPhoto, pixels: Pixels): Float64Array => {
  const [map] = line.maps;
  return map === undefined ? new Float64Array(SIDE * SIDE) : scoreMap(map, extentOf(line), orientation, pixels);
};

/**
 * A score map a photo, of the whole photo squeezed to 224 x 224: of the first of its classes, which is the most probable one
 * or the first that the run was asked for. float64, since the reader refuses anything else.
 *
 * Its name is the photo's with its ending: `CamDataset` looks for the image id and .npy, and the ids of all three data sets
 * have endings.
 */
export const wsol: Format = {
  readers: 'wsolevaluation',
  takes: ['pixels'],
  convert: async function* ({ settings, photos }, { pixels = 'stored' }) {
    requirePlaces(settings, 'wsol');
    for await (const photo of photos()) {
      const name = `scoremaps/${withEnding(photo.line.photo, '.npy')}`;
      yield { name, content: async () => npyOf([SIDE, SIDE], firstScoreMap(photo, pixels)) };
    }
  },
};
