import { type Graph, intsAttribute, type Node } from '../../onnx/graph.js';
import { type ReducedAxes, reducedAxes } from '../reduced-axes.js';

/** Axes that are reduced, and the dims that are left. */
export type Reduction = Pick<ReducedAxes, 'axes' | 'dims'>;

/** The axes that a reduction names, undefined for none: an input since opset 13 or 18, an attribute before. */
export const reductionAxes = (graph: Graph, node: Node, rank: number): readonly number[] | undefined => {
  const given = node.inputs[1];
  if (given === undefined || given === '') return intsAttribute(node, 'axes');
  // Axes that are computed may be any. All are taken, the batch too, so that no pool is read from them.
  return Array.from(graph.constant(given)?.data ?? Array(rank).keys());
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
    const step = reducedAxes(node, current, reductionAxes(graph, node, current.length));
    for (const axis of step.axes) axes.push(names[axis]);
    if (step.dims.length < current.length) names = names.filter((_, axis) => !step.axes.includes(axis));
    current = step.dims;
  }
  return { axes: [...new Set(axes)].sort((a, b) => a - b), dims: current };
};
