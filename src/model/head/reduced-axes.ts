import { intAttribute, type Node } from '../onnx/graph.js';
import { positiveAxis } from './operator.js';

/** What a reduction, such as ReduceMean, does to a tensor's dims. */
export interface ReducedAxes {
  readonly axes: readonly number[];
  /** With 1 for each reduced axis. */
  readonly kept: readonly number[];
  /** Of the result: without the reduced axes, unless `keepdims` asks for them. */
  readonly dims: readonly number[];
}

/** @param given axes that the node names; none: all, unless `noop_with_empty_axes` says otherwise. */
export const reducedAxes = (
  node: Node,
  from: readonly number[],
  given: readonly number[] | undefined = [],
): ReducedAxes => {
  const all = intAttribute(node, 'noop_with_empty_axes', 0) === 0 ? from.map((_, axis) => axis) : [];
  const axes = given.length === 0 ? all : given.map((axis) => positiveAxis(axis, from.length));
  const kept = from.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const keeps = intAttribute(node, 'keepdims', 1) !== 0;
  return { axes, kept, dims: keeps ? kept : kept.filter((_, axis) => !axes.includes(axis)) };
};
