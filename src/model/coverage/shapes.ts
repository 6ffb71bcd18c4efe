import { type Graph, intAttribute, type Node } from '../graph.js';
import type { Positions } from './positions.js';

/** Numbers that a graph computes from sizes; undefined: one that depends on more than where the picture's cells lie. */
export type Numbers = readonly (number | undefined)[];

/** Positions of a tensor that was met before, by its name. */
export type Known = (name: string) => Positions | undefined;

// Sizes are worked out in a few steps; a file may nest deeper, but then it is not followed.
const DEEPEST = 24;

/** A tensor's dims, as far as they are known: rows and columns. */
const dimsOf = ({ rank, row, column, rows, columns }: Positions): Numbers => {
  const count = (span: Positions['rows']) => span.cells + span.before + span.after;
  return Array.from({ length: rank }, (_, axis) => {
    if (row === column) return axis === row ? count(rows) * count(columns) : undefined;
    return axis === row ? count(rows) : axis === column ? count(columns) : undefined;
  });
};

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  // Of whole numbers that are not negative, as sizes are.
  Div: (a, b) => Math.floor(a / b),
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
};

const elementwise = (a: Numbers, b: Numbers, compute: (a: number, b: number) => number): Numbers | undefined => {
  const length = Math.max(a.length, b.length);
  if ([a, b].some((list) => list.length !== length && list.length !== 1)) return undefined;
  return Array.from({ length }, (_, i) => {
    const [x, y] = [a, b].map((list) => list[list.length === 1 ? 0 : i]);
    return x === undefined || y === undefined ? undefined : compute(x, y);
  });
};

const whole = (list: Numbers | undefined, index: number, fallback: number): number | undefined =>
  list === undefined ? fallback : list[index];

const slicedNumbers = (
  list: Numbers,
  [starts, ends, , steps]: readonly (Numbers | undefined)[],
): Numbers | undefined => {
  const [start, end, step] = [whole(starts, 0, 0), whole(ends, 0, list.length), whole(steps, 0, 1)];
  return start === undefined || end === undefined || step !== 1 ? undefined : list.slice(start, end);
};

const computed = (node: Node, inputs: readonly (Numbers | undefined)[]): Numbers | undefined => {
  const [first, second] = inputs;
  if (node.op === 'Concat') {
    return inputs.every((list) => list !== undefined) ? inputs.flat() : undefined;
  }
  if (first === undefined) return undefined;
  const compute = arithmetic[node.op];
  if (compute !== undefined) return second && elementwise(first, second, compute);
  switch (node.op) {
    case 'Cast':
    case 'Identity':
    case 'Squeeze':
    case 'Unsqueeze':
      return first;
    case 'Gather':
      return second?.map((index) => (index === undefined ? undefined : first.at(index)));
    case 'Slice':
      return slicedNumbers(first, inputs.slice(1));
    default:
      return undefined;
  }
};

/**
 * A list of whole numbers, stored or computed from the sizes of tensors, in one dimension; undefined where it cannot be
 * followed.
 */
export const numbersOf = (graph: Graph, name: string | undefined, known: Known, depth = 0): Numbers | undefined => {
  if (name === undefined || name === '' || depth > DEEPEST) return undefined;
  const constant = graph.constant(name);
  if (constant !== undefined) return constant.dims.length > 1 ? undefined : Array.from(constant.data);
  const node = graph.producers.get(name);
  if (node === undefined) return undefined;
  if (node.op === 'Shape') {
    const positions = known(node.inputs[0]);
    const dims = positions && dimsOf(positions);
    return dims?.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', dims.length));
  }
  return computed(
    node,
    node.inputs.map((input) => numbersOf(graph, input, known, depth + 1)),
  );
};
