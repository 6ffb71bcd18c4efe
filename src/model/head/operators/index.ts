import type { Operator } from '../operator.js';
import { activations } from './activation.js';
import { arithmetic } from './arithmetic.js';
import { choices } from './choice.js';
import { contractions } from './contraction.js';
import { norms } from './norm.js';
import { poolsOfOneCell } from './one-cell.js';
import { quantizations } from './quantization.js';
import { rearrangements } from './rearrangement.js';
import { shapeArithmetic } from './shape-arithmetic.js';

/** Every operator that may stand in a head, by its ONNX name. A new one is one entry in one of these files. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...arithmetic,
    ...activations,
    ...choices,
    ...contractions,
    ...norms,
    ...rearrangements,
    ...poolsOfOneCell,
    ...shapeArithmetic,
    ...quantizations,
  }),
);
