import type { Graph, Node } from './graph.js';
import { nodesBehind } from './head/walk.js';

export type OutputActivation = 'none' | 'softmax' | 'log-softmax' | 'sigmoid';

/** An output of the network as a classifier's: its logits and what the network itself makes of them. */
export interface ClassifierOutput {
  readonly output: string;
  /** The tensor before the activation, dequantised. */
  readonly logits: string;
  readonly activation: OutputActivation;
}

const activations: Readonly<Record<string, OutputActivation>> = {
  Softmax: 'softmax',
  LogSoftmax: 'log-softmax',
  Sigmoid: 'sigmoid',
};

// What may stand behind the activation without changing what it means.
const passing = new Set(['Identity', 'Cast', 'Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'ai.onnx.ml.ZipMap']);

const logitsBehind = (graph: Graph, output: string): ClassifierOutput => {
  let node: Node | undefined = graph.producers.get(output);
  while (node !== undefined && passing.has(node.op)) node = graph.producers.get(node.inputs[0]);
  const activation = node === undefined ? undefined : activations[node.op];
  if (node === undefined || activation === undefined) return { output, logits: output, activation: 'none' };
  return { output, logits: node.inputs[0], activation };
};

/**
 * The outputs that a classifier could end in: those that feed no other output (a second output of features, or of
 * logits beside their softmax, does).
 */
export const classifierOutputs = (graph: Graph): readonly ClassifierOutput[] => {
  const all = graph.outputs.map((output) => logitsBehind(graph, output));
  return all.filter(({ output }) =>
    all.every((other) => other.output === output || !feeds(graph, output, other.output)),
  );
};

const feeds = (graph: Graph, tensor: string, output: string): boolean =>
  nodesBehind(graph, output, graph.isConstant).some((node) => node.inputs.includes(tensor));
