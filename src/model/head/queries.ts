import type { Graph, Node } from '../onnx/graph.js';
import { isSoftmax } from './pools/attention.js';
import { ancestorsOf, photoDependent } from './walk.js';

const products: ReadonlySet<string> = new Set(['MatMul', 'Einsum']);
// Attention as one operator, whose first input is the queries.
const fused: ReadonlySet<string> = new Set(['Attention', 'com.microsoft.MultiHeadAttention']);

/** Attention whose queries are stored in the model: its results belong to the queries, and to no cell. */
const asksStored = ({ op, inputs }: Node, graph: Graph, dependent: ReadonlySet<string>): boolean => {
  if (fused.has(op)) return !dependent.has(inputs[0]);
  const weights = products.has(op) ? inputs.find((name) => isSoftmax(graph, name)) : undefined;
  let node = weights === undefined ? undefined : graph.producers.get(weights);
  while (node !== undefined && !products.has(node.op)) {
    node = graph.producers.get(node.inputs.find((name) => dependent.has(name)) ?? '');
  }
  return node !== undefined && !node.inputs.every((name) => dependent.has(name));
};

/** The inputs whose rows an operation's result has: of a product of two that depend on the photo, one. */
const rowsFrom = (graph: Graph, { op, inputs }: Node, dependent: ReadonlySet<string>): readonly string[] => {
  const varying = inputs.filter((name) => dependent.has(name));
  if (fused.has(op)) return [inputs[0]];
  if (!products.has(op) || varying.length < 2) return varying;
  return [isSoftmax(graph, inputs[1]) ? inputs[1] : inputs[0]];
};

/**
 * Whether a tensor's rows are the answers to queries that are stored in the model, however often those ask again, and none of
 * its rows is a place in the picture.
 */
export const answersQueries = (graph: Graph, tensor: string): boolean => {
  const upstream = ancestorsOf(graph, tensor, graph.isConstant);
  const dependent = photoDependent(graph, upstream);
  const answers = new Set<string>();
  for (const node of upstream) {
    if (!dependent.has(node.outputs[0])) continue;
    const from = rowsFrom(graph, node, dependent);
    const asks = asksStored(node, graph, dependent);
    if (asks || (from.length > 0 && from.every((name) => answers.has(name)))) {
      for (const output of node.outputs) answers.add(output);
    }
  }
  return answers.has(tensor);
};
