import { ancestorsOf } from './head/walk.js';
import { withAddition } from './onnx/append.js';
import { type Graph, type Node, readGraph } from './onnx/graph.js';
import { nodeProto } from './onnx/proto.js';
import type { ReadBeside } from './onnx/tensor.js';
import { storedTexts, textOutputs } from './onnx/texts.js';

type OutputActivation = 'none' | 'softmax' | 'log-softmax' | 'sigmoid';

/** A classifier's output: its logits, and the activation that the network applies to them. */
export interface ClassifierOutput {
  readonly output: string;
  /** Name of the tensor before the activation, dequantised. */
  readonly logits: string;
  readonly activation: OutputActivation;
}

const activations: ReadonlyMap<string, OutputActivation> = new Map([
  ['Softmax', 'softmax'],
  ['LogSoftmax', 'log-softmax'],
  ['Sigmoid', 'sigmoid'],
]);

/** The same on integers. The first inputs are the value, its scale and its zero point. */
const quantizedActivations: ReadonlyMap<string, OutputActivation> = new Map([
  ['com.microsoft.QLinearSoftmax', 'softmax'],
  ['com.microsoft.QLinearSigmoid', 'sigmoid'],
]);

/** Name for a quantised tensor's real numbers. No exporter writes names like this. */
const realName = (quantized: string): string => `gapcam/real/${quantized}`;

// Operators that may follow the logits without changing their meaning.
const passing = new Set([
  ...['Identity', 'Cast', 'Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'QuantizeLinear', 'DequantizeLinear'],
]);

// Operators downstream of which there are no logits: they pick among the classes, so that only the best are left, or they
// name them.
const ending = new Set(['ArgMax', 'TopK', 'ai.onnx.ml.ZipMap', 'ai.onnx.ml.LabelEncoder']);

// Operators that may take the name of the best class out of a stored list.
const lookups = new Set(['ai.onnx.ml.ArrayFeatureExtractor', 'Gather']);

/** The names out of which an operation takes one by its index, its second input. Undefined: it does nothing of the kind. */
export const namesLookedUp = (graph: Graph, { op, inputs }: Node): readonly string[] | undefined =>
  lookups.has(op) && inputs.length > 1 ? storedTexts(graph, inputs[0]) : undefined;

/** A classifier's output as `output` shows it: an activation of logits, a choice among them, or names of what was chosen. */
export const logitsUpstream = (graph: Graph, output: string): ClassifierOutput => {
  let logits = output;
  let node: Node | undefined = graph.producers.get(output);
  while (node !== undefined) {
    const activation = activations.get(node.op);
    if (activation !== undefined) return { output, logits: node.inputs[0], activation };
    const quantized = quantizedActivations.get(node.op);
    if (quantized !== undefined) return { output, logits: realName(node.inputs[0]), activation: quantized };
    const isLookup = namesLookedUp(graph, node) !== undefined;
    const upstream = node.inputs[isLookup ? 1 : 0];
    if (isLookup || ending.has(node.op)) logits = upstream;
    else if (!passing.has(node.op)) break;
    node = graph.producers.get(upstream);
  }
  return { output, logits, activation: 'none' };
};

/**
 * The network in a model file. Where an output's activation takes integer logits, their real numbers are added to the
 * graph, under the name that `classifierOutputs` gives.
 * @throws ModelError as `readGraph`.
 */
export const readNetwork = (
  file: Uint8Array,
  readBeside: ReadBeside,
): { readonly bytes: Uint8Array; readonly graph: Graph } => {
  const graph = readGraph(file, readBeside);
  const named = new Set(graph.outputs.map((output) => logitsUpstream(graph, output).logits));
  const ends = [...graph.producers.values()].filter(
    ({ op, inputs: [levels = ''] }) => quantizedActivations.has(op) && named.delete(realName(levels)),
  );
  if (ends.length === 0) return { bytes: file, graph };
  const node = ends.map(({ inputs }) => nodeProto('DequantizeLinear', inputs.slice(0, 3), [realName(inputs[0])]));
  const bytes = withAddition(file, { node });
  return { bytes, graph: readGraph(bytes, readBeside) };
};

/**
 * The outputs that may be a classifier's: those that hold numbers and feed no other output. An output of features feeds
 * another one, and so does an output of logits beside their softmax. Where all outputs hold texts, they are names of the
 * classes chosen, and the logits lie upstream.
 * @param wanted name of the only output to consider, if any.
 */
export const classifierOutputs = (graph: Graph, wanted: string | undefined): readonly ClassifierOutput[] => {
  if (wanted !== undefined) return graph.outputs.includes(wanted) ? [logitsUpstream(graph, wanted)] : [];
  const texts = textOutputs(graph);
  const numbers = graph.outputs.filter((output) => !texts.has(output));
  const considered = numbers.length > 0 ? numbers : graph.outputs;
  const all = considered.map((output) => logitsUpstream(graph, output));
  const last = all.filter(({ output }) =>
    all.every((other) => other.output === output || !feeds(graph, output, other.output)),
  );
  // Scores and indices of the best classes have the same logits upstream.
  return last.filter(({ logits }, i) => last.findIndex((other) => other.logits === logits) === i);
};

const feeds = (graph: Graph, tensor: string, output: string): boolean =>
  ancestorsOf(graph, output, graph.isConstant).some((node) => node.inputs.includes(tensor));
