import { createHash } from 'node:crypto';
import type { ClassMap } from '../maps/class-map.js';
import { spotAlong } from '../maps/spot.js';

/**
 * Maps that know nothing of the photo. A measure that does not tell a class's map from them says nothing of it. They have the
 * map's own cells, and are enlarged as it is.
 */

type Grid = Pick<ClassMap, 'rows' | 'columns'>;

/** Cells of chance, in [0, 1), the same for the same bytes of a photo. */
export const randomMap = ({ rows, columns }: Grid, photo: Uint8Array): ClassMap => {
  let state = createHash('sha256').update(photo).digest().readInt32BE();
  const data = Float32Array.from({ length: rows * columns }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  });
  return { rows, columns, data };
};

/** A Gaussian around the middle of the cells, (0, 1]. */
export const centreMap = ({ rows, columns }: Grid): ClassMap => {
  const [across, down] = [spotAlong(columns), spotAlong(rows)];
  const data = Float32Array.from(
    { length: rows * columns },
    (_, i) => down[Math.floor(i / columns)] * across[i % columns],
  );
  return { rows, columns, data };
};
