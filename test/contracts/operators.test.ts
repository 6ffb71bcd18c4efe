import { describe, expect, it } from 'vitest';
import { power } from '../../src/model/head/curve.js';
import { type Call, carries, linear, type Operator, type Status } from '../../src/model/head/operator.js';
import { operators } from '../../src/model/head/operators/index.js';
import { unary } from '../../src/model/head/operators/pointwise.js';
import type { Node } from '../../src/model/onnx/graph.js';
import { attributeProto } from '../../src/model/onnx/proto.js';
import { sizeOf, type Tensor } from '../../src/model/onnx/tensor.js';
import { noise } from '../helpers/networks.js';

/** An input of an operator: the same numbers in every call, or numbers that are drawn for each. */
type Given = { readonly stored: Tensor } | { readonly status: Status; readonly draw: (seed: number) => Tensor };

/** One use of an operator. */
interface Example {
  readonly inputs: readonly Given[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
  readonly outputs?: number;
}

const stored = (dims: readonly number[], ...data: number[]): Given => ({
  stored: { dims, data: Float64Array.from(data) },
});

const weights = (dims: readonly number[], seed: number, offset = 0): Given =>
  stored(dims, ...noise(sizeOf(dims), seed).map((x) => x + offset));

/** Numbers from -3 to 3 that depend on the photo, or what `like` makes of them. */
const drawn = (dims: readonly number[], status: Status = 'exact', like: (x: number) => number = (x) => x): Given => ({
  status,
  draw: (seed) => ({ dims, data: Float64Array.from(noise(sizeOf(dims), seed), (x) => like(3 * x)) }),
});

const positive = (x: number): number => Math.abs(x) + 0.5;
const truth = (x: number): number => Number(x > 0);
const whole = (x: number): number => Math.round(40 * x);

const one: Example = { inputs: [drawn([2, 3])] };
const two: Example = { inputs: [drawn([2, 3]), drawn([2, 3], 'bent')] };
const norm = (...more: readonly Given[]): Example => ({ inputs: [drawn([2, 6]), ...more] });
const moved = (...lists: readonly number[][]): Example => ({
  inputs: [drawn([2, 3]), ...lists.map((list) => stored([list.length], ...list))],
});

/** Uses of the operators that are not told by one input of six numbers. */
const examples: Readonly<Record<string, readonly Example[]>> = {
  Add: [two, { inputs: [drawn([2, 3]), drawn([3])] }, { inputs: [drawn([2, 3]), weights([3], 1)] }],
  Sub: [two, { inputs: [weights([3], 1), drawn([2, 3])] }],
  Mul: [two, { inputs: [drawn([2, 3]), weights([3], 1)] }, { inputs: [drawn([2, 3]), drawn([2, 1], 'divisor')] }],
  Div: [
    { inputs: [drawn([2, 3]), weights([3], 1, 3)] },
    { inputs: [drawn([2, 3]), drawn([2, 1], 'divisor', positive)] },
    { inputs: [drawn([2, 3]), drawn([2, 3], 'bent', positive)] },
  ],
  Pow: [{ inputs: [drawn([2, 3]), stored([], 2)] }, { inputs: [drawn([2, 3]), stored([], 3)] }],
  Max: [two],
  Min: [two],
  PRelu: [{ inputs: [drawn([2, 3]), weights([3], 1)] }],
  Sum: [two, { inputs: [drawn([2, 3]), drawn([3]), weights([3], 1)] }],
  Log: [{ inputs: [drawn([2, 3], 'exact', positive)] }],
  Sqrt: [{ inputs: [drawn([2, 1], 'moment', positive)] }],
  Reciprocal: [{ inputs: [drawn([2, 3], 'bent', positive)] }, { inputs: [drawn([2, 1], 'moment', positive)] }],
  Greater: [two],
  GreaterOrEqual: [two],
  Less: [two],
  LessOrEqual: [two],
  Not: [{ inputs: [drawn([2, 3], 'bent', truth)] }],
  Where: [
    { inputs: [drawn([2, 3], 'bent', truth), drawn([2, 3]), drawn([3])] },
    { inputs: [stored([3], 1, 0, 1), drawn([2, 3]), drawn([2, 3])] },
  ],
  Gemm: [
    { inputs: [drawn([2, 3]), weights([4, 3], 1), weights([4], 2)], attributes: { transB: 1 } },
    { inputs: [weights([4, 3], 1), drawn([3, 2])] },
  ],
  MatMul: [{ inputs: [drawn([2, 3]), weights([3, 4], 1)] }, { inputs: [weights([4, 2], 1), drawn([2, 3])] }],
  'com.microsoft.FusedMatMul': [
    { inputs: [drawn([2, 3]), weights([4, 3], 1)], attributes: { transB: 1 } },
    { inputs: [drawn([3, 2]), weights([3, 4], 1)], attributes: { transA: 1 } },
  ],
  MatMulInteger: [{ inputs: [drawn([2, 3], 'bent', whole), weights([3, 4], 1), stored([], 7)] }],
  Conv: [{ inputs: [drawn([1, 3, 1, 1]), weights([4, 3, 1, 1], 1), weights([4], 2)] }],
  ConvInteger: [{ inputs: [drawn([1, 3, 1, 1], 'bent', whole), weights([4, 3, 1, 1], 1), stored([], 7)] }],
  BatchNormalization: [{ inputs: [drawn([2, 3]), ...[1, 2, 3].map((i) => weights([3], i)), weights([3], 4, 2)] }],
  ReduceMean: [one, { inputs: [drawn([2, 3])], attributes: { axes: [1], keepdims: 0 } }],
  ReduceSum: [one, moved([1])],
  LayerNormalization: [norm(weights([6], 1), weights([6], 2))],
  SimplifiedLayerNormalization: [norm(weights([6], 1))],
  RMSNormalization: [norm(weights([6], 1))],
  LpNormalization: [norm(), { ...norm(), attributes: { axis: 0, p: 1 } }],
  Reshape: [moved([3, -1])],
  Unsqueeze: [moved([0])],
  Gather: [moved([1, 0, 1])],
  Slice: [moved([1], [3], [1])],
  Split: [{ inputs: [drawn([2, 3])], attributes: { axis: 0 }, outputs: 2 }],
  GlobalAveragePool: [{ inputs: [drawn([2, 3, 1, 1])] }],
  GlobalMaxPool: [{ inputs: [drawn([2, 3, 1, 1])] }],
  Expand: [moved([2, 2, 3])],
  Concat: [{ inputs: [drawn([2, 3]), weights([2, 1], 1), drawn([2, 2])], attributes: { axis: 1 } }],
  QuantizeLinear: [{ inputs: [drawn([2, 3]), stored([], 0.01), stored([], 128)] }],
  // A scale that float32 has exactly.
  DequantizeLinear: [{ inputs: [drawn([2, 3], 'bent', whole), stored([], 0.125), stored([], 7)] }],
};

const nodeOf = (op: string, { inputs, attributes = {}, outputs = 1 }: Example): Node => ({
  op,
  inputs: inputs.map((_, i) => `input ${i}`),
  outputs: Array.from({ length: outputs }, (_, i) => `output ${i}`),
  attributes: new Map(Object.entries(attributes).map(([name, value]) => [name, attributeProto(name, value)])),
});

/** A use of the operator on numbers of its own. */
const callOf = (op: string, example: Example, seed: number): Call => ({
  node: nodeOf(op, example),
  output: (example.outputs ?? 1) - 1,
  inputs: example.inputs.map((input, i) => ('stored' in input ? input.stored : input.draw(17 * seed + i))),
  statuses: example.inputs.map((input) => ('stored' in input ? 'constant' : input.status)),
});

/** The slopes of each element of the output. */
const slopesOf = (operator: Operator, photo: Call, zero: Call, output: Tensor) =>
  Array.from(output.data, (_, element) => {
    const seed = new Float64Array(output.data.length);
    seed[element] = 1;
    return operator.pullBack?.(photo, output, seed, zero) ?? [];
  });

/** How far an element of the output rises by what its slopes say. */
const rise = (photo: Call, zero: Call, slopes: readonly (Float64Array | undefined)[]): number =>
  slopes.reduce((sum, slope, i) => {
    if (slope === undefined || !carries(photo.statuses[i])) return sum;
    const [end, start] = [photo, zero].map(({ inputs }) => inputs[i]?.data ?? new Float64Array());
    return sum + slope.reduce((part, s, j) => part + s * (end[j] - start[j]), 0);
  }, 0);

const PAIRS = [1, 2, 3, 4, 5].map((seed) => [2 * seed, 2 * seed + 1] as const);

const contract = (op: string, operator: Operator, example: Example): void => {
  const pairs = PAIRS.map(([end, start]) => {
    const photo = callOf(op, example, end);
    // Divisors are held at the photo's.
    const drawn = callOf(op, example, start);
    const inputs = drawn.inputs.map((input, i) => (photo.statuses[i] === 'divisor' ? photo.inputs[i] : input));
    const zero = { ...drawn, inputs };
    const outputs = [operator.evaluate(photo, photo), operator.evaluate(zero, photo)] as const;
    return { photo, zero, outputs };
  });
  const [{ photo: first }] = pairs;
  const status = operator.status?.(first) ?? 'constant';

  it('gives as many numbers as its dims say', () => {
    for (const { outputs } of pairs) for (const { dims, data } of outputs) expect(data).toHaveLength(sizeOf(dims));
  });

  if (status === 'divisor') return;

  it('has slopes that account for all that its output rises between two points', () => {
    for (const { photo, zero, outputs } of pairs) {
      const [end, start] = outputs;
      // Numbers to levels: rounded at both ends.
      const tolerance = operator.rounds ? 1 : 1e-9;
      slopesOf(operator, photo, zero, end).forEach((slopes, element) => {
        const risen = end.data[element] - start.data[element];
        expect(Math.abs(rise(photo, zero, slopes) - risen)).toBeLessThanOrEqual(tolerance);
      });
    }
  });

  if (operator.tangent === undefined) {
    it('is linear, since it has no tangent: its slopes are the same between any two points', () => {
      const [known, ...others] = pairs.map(({ photo, zero, outputs }) => slopesOf(operator, photo, zero, outputs[0]));
      for (const slopes of others) expect(slopes).toEqual(known);
    });
  }

  if (status === 'exact') {
    it('holds nothing, since it is affine', () => {
      for (const { photo, zero } of pairs) expect(operator.holds?.(photo, zero)).toBeUndefined();
    });
  }
};

const dependent = [...operators].filter(([, { status }]) => status !== undefined);

describe.each(dependent)('%s', (op, operator) => {
  describe.each((examples[op] ?? [one]).map((example, i) => [i + 1, example] as const))('use %i', (_, example) =>
    contract(op, operator, example),
  );
});

describe('an operator for constants alone', () => {
  it.each([...operators].filter(([, { status }]) => status === undefined))('%s has no slopes', (_, operator) => {
    expect([operator.pullBack, operator.tangent, operator.holds]).toEqual([undefined, undefined, undefined]);
  });
});

// Made up for this test.
describe('one more member', () => {
  contract(
    'Cube',
    unary(() => power(3)),
    one,
  );

  it('would not pass with slopes at the photo instead of those between photo and zero', () => {
    const right = unary(() => power(3));
    const wrong: Operator = {
      ...right,
      pullBack: (call, output, slope) => right.pullBack?.(call, output, slope, call) ?? [],
    };
    const [photo, zero] = [callOf('Cube', one, 2), callOf('Cube', one, 3)];
    const [end, start] = [photo, zero].map((call) => wrong.evaluate(call, call));
    const [slopes] = slopesOf(wrong, photo, zero, end);
    expect(Math.abs(rise(photo, zero, slopes) - (end.data[0] - start.data[0]))).toBeGreaterThan(1e-3);
    expect(linear(photo)).toBe('exact');
  });
});
