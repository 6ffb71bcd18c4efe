import { along } from './piecewise.js';
import { tableOf, tableOfHex } from './table.js';

// 33 colours at equal distances from blue over gray to red: Moreland 2009, "Diverging Color Maps for Scientific
// Visualization", in his table CoolWarmFloat33, which is matplotlib's too.
const STOPS = tableOfHex(
  '3b4cc0445acc4d68d75775e16282ea6c8ef1779af782a5fb8db0fe98b9ffa3c2ffaec9fdb8d0f9c2d5f4ccd9eed5dbe6dddddd' +
    'e5d8d1ecd3c5f1ccb9f5c4adf7bba0f7b194f7a687f49a7bf18d6fec7f63e57058de604dd55042cb3e38c0282fb40426',
);
const LAST = STOPS.length / 3 - 1;

const stopsOf = (channel: number) =>
  Array.from({ length: LAST + 1 }, (_, i) => [i / LAST, STOPS[i * 3 + channel]] as const);

const [red, green, blue] = [0, 1, 2].map(stopsOf);

/** Blue below zero, gray at it, red above. */
export const coolwarm = (): Uint8Array =>
  tableOf((index) => [Math.round(along(red, index)), Math.round(along(green, index)), Math.round(along(blue, index))]);
