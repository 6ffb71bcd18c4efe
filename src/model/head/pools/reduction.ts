import { type Graph, intAttribute, intsAttribute, type Node } from '../../onnx/graph.js';
import { positiveAxis } from '../operator.js';

/** Axes that are reduced, and the dims that are left. */
export interface Reduction {
  readonly axes: readonly number[];
  readonly dims: readonly number[];
}

/** The axes: an input since opset 13 or 18, an attribute before. */
const axesOf = (graph: Graph, node: Node): readonly number[] | undefined => {
  const given = node.inputs[1];
  if (given === undefined || given === '') return intsAttribute(node, 'axes');
  return Array.from(graph.constant(given)?.data ?? []);
};

const reduce = (graph: Graph, node: Node, dims: readonly number[]): Reduction => {
  const given = axesOf(graph, node);
  const axes =
    given === undefined || given.length === 0 ? dims.map((_, i) => i) : given.map((a) => positiveAxis(a, dims.length));
  const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return {
    axes,
    dims: intAttribute(node, 'keepdims', 1) !== 0 ? kept : kept.filter((_, axis) => !axes.includes(axis)),
  };
};

/**
 * The effect of a chain of reductions, such as ReduceMean, on a tensor's dims.
 * @returns the reduced axes of `dims`, ascending, and the dims after the last reduction.
 */
export const reduceAll = (graph: Graph, nodes: readonly Node[], dims: readonly number[]): Reduction => {
  let current = dims;
  let names = dims.map((_, axis) => axis);
  const axes: number[] = [];
  for (const node of nodes) {
    const step = reduce(graph, node, current);
    axes.push(...step.axes.map((axis) => names[axis]));
    if (step.dims.length < current.length) names = names.filter((_, axis) => !step.axes.includes(axis));
    current = step.dims;
  }
  return { axes: [...new Set(axes)].sort((a, b) => a - b), dims: current };
};
