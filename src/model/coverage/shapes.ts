import { type Graph, intAttribute, type Node } from '../onnx/graph.js';
import { type Arrays, computed, LONGEST } from './arithmetic.js';
import type { Positions } from './positions.js';

/** Numbers that a graph computes from sizes. Undefined: a number that depends on more than the picture's positions. */
export type Numbers = readonly (number | undefined)[];

/** Positions of a tensor that was already followed, by its name. */
export type Known = (name: string) => Positions | undefined;

// Longest chain of operators that is followed. Padding as PyTorch exports it takes about twenty.
const DEEPEST = 40;

/** A tensor's dims. Only those of rows and columns are known. */
const dimsOf = ({ rank, row, column, rows, columns }: Positions): Numbers => {
  const count = (span: Positions['rows']) => span.cells + span.before + span.after;
  return Array.from({ length: rank }, (_, axis) => {
    if (row === column) return axis === row ? count(rows) * count(columns) : undefined;
    return axis === row ? count(rows) : axis === column ? count(columns) : undefined;
  });
};

/** Works out the numbers of a tensor from those upstream of it, each tensor once. */
const followed = (graph: Graph, known: Known) => {
  const found = new Map<string, Arrays | undefined>();
  const shapeOf = (node: Node, depth: number): Arrays | undefined => {
    const [name] = node.inputs;
    const positions = known(name);
    // The shape of a list of numbers, such as pads, is its length.
    const dims = positions === undefined ? lengthOf(arrayOf(name, depth)) : dimsOf(positions);
    if (dims === undefined) return undefined;
    const data = dims.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', dims.length));
    return { width: 1, data, isReal: false };
  };
  const compute = (name: string, depth: number): Arrays | undefined => {
    const constant = graph.constant(name);
    if (constant !== undefined) {
      if (constant.dims.length > 1 || constant.data.length > LONGEST) return undefined;
      return { width: 1, data: Array.from(constant.data), isReal: false };
    }
    const node = graph.producers.get(name);
    if (node === undefined) return undefined;
    if (node.op === 'Shape') return shapeOf(node, depth + 1);
    return computed(
      node,
      node.inputs.map((input) => arrayOf(input, depth + 1)),
    );
  };
  const arrayOf = (name: string, depth: number): Arrays | undefined => {
    if (name === '' || depth > DEEPEST) return undefined;
    if (!found.has(name)) {
      // Set first, so that a cycle in a damaged file ends here as not known.
      found.set(name, undefined);
      const list = compute(name, depth);
      found.set(name, list === undefined || list.data.length > LONGEST ? undefined : list);
    }
    return found.get(name);
  };
  return arrayOf;
};

const lengthOf = (list: Arrays | undefined): Numbers | undefined =>
  list?.width === 1 ? [list.data.length] : undefined;

/** A list of numbers, stored or computed from the sizes of tensors. Undefined where it cannot be followed. */
export const numbersOf = (graph: Graph, name: string | undefined, known: Known): Numbers | undefined => {
  const found = name === undefined ? undefined : followed(graph, known)(name, 0);
  return found?.width === 1 ? found.data : undefined;
};
