import { extentOf } from '../../localise/plane.js';
import { triangle } from '../../maps/kernels.js';
import { cellsOf } from '../../maps/result.js';
import { npyOf } from '../../render/npy.js';
import { overPhoto } from '../../render/over-photo.js';
import { zip } from '../../render/zip.js';
import type { MapRecord } from '../../results/line.js';
import type { Format, FoundPhoto } from '../format.js';
import { stems } from '../names.js';
import { frameOf, type Pixels } from '../orientation.js';
import { requirePlaces } from '../require-places.js';
import { toIrn } from './irn.py.js';

// Pixels of the photo for each pixel of `cam`: of make_cam.py, misc/imutils.py, get_strided_size.
const STRIDE = 4;
// What a map's largest value is raised by before the map is divided by it: make_cam.py.
const RAISED = 1e-5;

const strided = (pixels: number): number => Math.floor((pixels - 1) / STRIDE) + 1;

/** The map over the photo as it is read, squeezed to a size: its positive values, the largest just below 1. */
const heatOf = ({ line, orientation }: FoundPhoto, map: MapRecord, pixels: Pixels, stride: boolean): Float64Array => {
  const { width, height } = line;
  const size = stride ? { width: strided(width), height: strided(height) } : { width, height };
  const values = overPhoto(cellsOf(map), extentOf(line), { size, kernel: triangle, unseen: 0 });
  // By index: iterators of such arrays take ten times as long.
  let highest = 0;
  for (let i = 0; i < values.length; i++) highest = Math.max(highest, values[i]);
  const divisor = highest + RAISED;
  for (let i = 0; i < values.length; i++) values[i] = Math.max(0, values[i]) / divisor;
  return frameOf(size, orientation, pixels).maskOf(values);
};

/** Maps behind each other, [maps, height, width]. */
const stacked = (photo: FoundPhoto, pixels: Pixels, stride: boolean): Uint8Array => {
  const { line, orientation } = photo;
  const read = frameOf(line, orientation, pixels).size;
  const [height, width] = stride ? [strided(read.height), strided(read.width)] : [read.height, read.width];
  const numbers = new Float32Array(line.maps.length * height * width);
  line.maps.forEach((map, i) => {
    numbers.set(heatOf(photo, map, pixels, stride), i * height * width);
  });
  return npyOf([line.maps.length, height, width], numbers);
};

const archiveOf = (photo: FoundPhoto, pixels: Pixels): Uint8Array =>
  zip([
    {
      name: 'keys.npy',
      bytes: npyOf(
        [photo.line.maps.length],
        BigInt64Array.from(photo.line.maps, (map) => BigInt(map.class)),
      ),
    },
    { name: 'cam.npy', bytes: stacked(photo, pixels, true) },
    { name: 'high_res.npy', bytes: stacked(photo, pixels, false) },
  ]);

/** What IRN's make_cam.py writes of a photo, as an archive of arrays instead of a pickle; the script makes pickles of them. */
export const irn: Format = {
  readers: 'IRN and what is built on it',
  takes: ['pixels'],
  convert: async function* ({ settings, photos }, { pixels = 'stored' }) {
    requirePlaces(settings, 'irn');
    const stemOf = stems('.npz');
    for await (const photo of photos()) {
      yield { name: `${stemOf(photo.line.photo)}.npz`, content: async () => archiveOf(photo, pixels) };
    }
    yield { name: 'to_irn.py', content: toIrn };
  },
};
