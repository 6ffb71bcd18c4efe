import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/model/head/operator.js';
import { operators } from '../../../src/model/head/operators/index.js';
import { scalar } from '../../../src/model/onnx/tensor.js';

const quantize = operators.get('QuantizeLinear');
const STEP = 0.25;

const callOf = (x: number, zeroPoint: number): Call => ({
  node: { op: 'QuantizeLinear', inputs: ['x', 'step', 'zero'], outputs: ['y'], attributes: new Map() },
  output: 0,
  inputs: [{ dims: [1], data: Float64Array.of(x) }, scalar(STEP), { ...scalar(zeroPoint), range: [0, 255] }],
  statuses: ['exact', 'constant', 'constant'],
});

describe('a quantiser', () => {
  // Levels from 0: a ReLU. From -16 to 48, of which 128 / 4 = 32 lie below zero.
  it.each([0, 128])('with the zero point %i rises by its slope, but for the rounding at both ends', (zeroPoint) => {
    const real = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(real, real, (photo, zero) => {
        const [end, start] = [callOf(photo, zeroPoint), callOf(zero, zeroPoint)];
        const [level, origin] = [end, start].map((call) => quantize?.evaluate(call, call).data[0] ?? Number.NaN);
        const output = { dims: [1], data: Float64Array.of(level) };
        const slope = quantize?.pullBack?.(end, output, Float64Array.of(1), start)[0]?.[0] ?? Number.NaN;
        expect(Math.abs(level - origin - slope * (photo - zero))).toBeLessThanOrEqual(1 + 1e-9);
        const cuts = quantize?.holds?.(end, start) !== undefined;
        const [low, high] = [-zeroPoint * STEP - STEP / 2, (255 - zeroPoint) * STEP + STEP / 2];
        expect(cuts).toBe([photo, zero].some((x) => x < low || x > high));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
