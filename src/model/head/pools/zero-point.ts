import type { Graph } from '../../onnx/graph.js';
import { type Recognition, refused } from './pool.js';

// Operators that quantised numbers pass through as they are.
const moving = new Set(['Flatten', 'Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Identity', 'MaxPool']);

// Their inputs are a quantised tensor, its scale and its zero point, in this order.
const quantized = /^DequantizeLinear$|(^|\.)(QLinear\w+|QGemm)$/;

/** The zero point of a tensor, as the operations downstream have it. 0 where its numbers are not quantised. */
const zeroPointOf = (graph: Graph, tensor: string): number => {
  const nodes = [...new Set(graph.producers.values())];
  const names = new Set([tensor]);
  // A set may grow while it is walked through.
  for (const name of names) {
    for (const { op, inputs, outputs } of nodes.filter((node) => node.inputs[0] === name)) {
      if (quantized.test(op)) return graph.constant(inputs[2] ?? '')?.data[0] ?? 0;
      if (moving.has(op)) names.add(outputs[0]);
    }
  }
  return 0;
};

/**
 * Refuses to pool quantised numbers whose zero is another number than 0: a cell without evidence would not be 0, and the sum
 * over the cells would be complete all the same. Undefined: their zero is 0.
 */
export const offZero = (graph: Graph, pooled: string): Recognition | undefined => {
  const zero = zeroPointOf(graph, pooled);
  return zero === 0
    ? undefined
    : refused(`it pools quantised numbers of which ${zero} stands for 0; save it in the QDQ form`);
};
