import { ModelError } from '../../errors.js';
import type { Feed } from '../../image/feed.js';
import { classMap } from '../../maps/class-map.js';
import { isPair } from '../head/agreement.js';
import { forward, type Network } from '../network.js';
import { runtime } from '../runtime/index.js';
import { CLASS_INDICES, CLASS_MAPS } from './class-maps.js';

// Tolerance as a share of the map's largest magnitude, for float32 sums in another order, float16, or rounded integers.
const shares = { float32: 1e-4, float16: 2e-2, int8: 2e-2 } as const;

// Number of classes that are compared, spread over all. Each costs as much as explaining a photo.
const MOST_CLASSES = 256;

/**
 * Runs an exported model and compares its class maps with gapcam's own.
 * @param feed an input other than the one that the export was made with.
 * @throws ModelError `export-disagrees`, `not-loadable`.
 */
export const checkExport = async (
  bytes: Uint8Array,
  file: string,
  network: Network,
  feed: Feed,
  top: number | undefined,
): Promise<void> => {
  const { logits } = network.head;
  const [{ features, pooled, logits: given }] = await forward(network, [feed]);
  const { weightsOf } = network.headAt(pooled, given);
  const session = await runtime.open(bytes, { file, device: 'cpu', batch: 1, threads: 0 });
  const [outputs] = await session.run([feed], top === undefined ? [CLASS_MAPS] : [CLASS_MAPS, CLASS_INDICES]);
  const exported = outputs.get(CLASS_MAPS);
  if (exported === undefined) throw new Error(`the exported model gives no ${CLASS_MAPS}`);
  const { rows, columns } = network.grid;
  const wanted = outputs.get(CLASS_INDICES)?.data ?? Float32Array.from({ length: exported.dims[1] }, (_, i) => i);
  // A single logit of two classes has one map, that of class 1.
  const classes = isPair(network.head) ? [1] : Array.from(wanted);
  const cells = rows * columns;
  const stride = Math.ceil(classes.length / MOST_CLASSES);
  classes.forEach((index, place) => {
    if (place % stride !== 0) return;
    const own = classMap(features, weightsOf(index).weights).data;
    const largest = own.reduce((a, value) => Math.max(a, Math.abs(value)), 0);
    own.forEach((value, cell) => {
      const other = exported.data[place * cells + cell];
      if (Math.abs(other - value) <= shares[network.precision] * Math.max(1, largest)) return;
      const where = `class ${index}, row ${Math.floor(cell / columns)}, column ${cell % columns}`;
      throw new ModelError(
        'export-disagrees',
        `The exported model was not kept: upstream of ${logits}, for ${where}, it gives ${other} instead of ${value}.`,
      );
    });
  });
};
