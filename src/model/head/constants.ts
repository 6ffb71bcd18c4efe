import type { Graph } from '../onnx/graph.js';
import type { Tensor } from '../onnx/tensor.js';
import { operators } from './operators/index.js';

// Exporters write a constant in a few operations at most, such as 1 / p.
const DEPTH = 8;

/** A tensor that is stored in the model, or that operations make of stored ones alone. Undefined: it is neither. */
export const constantOf = (graph: Graph, name: string, depth = DEPTH): Tensor | undefined => {
  const node = graph.producers.get(name);
  if (node === undefined || graph.isConstant(name) || depth === 0) return graph.constant(name);
  const operator = operators.get(node.op);
  const inputs = node.inputs.map((input) => constantOf(graph, input, depth - 1));
  if (
    operator === undefined ||
    inputs.length === 0 ||
    inputs.some((input, i) => input === undefined && node.inputs[i] !== '')
  ) {
    return undefined;
  }
  const call = { node, output: 0, inputs, statuses: inputs.map(() => 'constant' as const) };
  return operator.evaluate(call, call);
};
