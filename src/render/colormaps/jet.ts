import { along, type Stops } from './piecewise.js';
import { tableOf } from './table.js';

// As matplotlib defines it (_cm.py, _jet_data).
const RED: Stops = [
  [0, 0],
  [0.35, 0],
  [0.66, 1],
  [0.89, 1],
  [1, 0.5],
];
const GREEN: Stops = [
  [0, 0],
  [0.125, 0],
  [0.375, 1],
  [0.64, 1],
  [0.91, 0],
  [1, 0],
];
const BLUE: Stops = [
  [0, 0.5],
  [0.11, 1],
  [0.34, 1],
  [0.65, 0],
  [1, 0],
];

/** The rainbow of older figures. Levels are truncated, not rounded, to equal matplotlib's to the bit. */
export const jet = (): Uint8Array =>
  tableOf((index) => [along(RED, index) * 255, along(GREEN, index) * 255, along(BLUE, index) * 255]);
