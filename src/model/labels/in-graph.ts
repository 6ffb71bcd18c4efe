import { type Graph, intsAttribute, type Node } from '../onnx/graph.js';
import { textsAttribute } from '../onnx/texts.js';
import { logitsUpstream, namesLookedUp } from '../outputs.js';
import type { LabelSource } from './names.js';

/** Class names that the network itself holds. Numbers that may only count the classes are apart from names. */
export interface NamesInGraph {
  readonly names?: LabelSource | undefined;
  readonly numbers?: LabelSource | undefined;
}

interface Found {
  readonly labels: readonly string[];
  readonly where: string;
  readonly areNumbers: boolean;
}

const listed = (node: Node, prefix: string, texts: string, numbers: string): Found | undefined => {
  const named = textsAttribute(node, texts);
  if (named !== undefined) return { labels: named, where: `${prefix}: ${texts}`, areNumbers: false };
  const counted = intsAttribute(node, numbers);
  if (counted === undefined || counted.length === 0) return undefined;
  return { labels: counted.map(String), where: `${prefix}: ${numbers}`, areNumbers: true };
};

/** An encoder's names in the order of its keys, where those are the indices of the classes. */
const encoded = (node: Node): Found | undefined => {
  const keys = intsAttribute(node, 'keys_int64s');
  const found = listed(node, 'LabelEncoder', 'values_strings', 'values_int64s');
  if (keys === undefined || found === undefined || keys.length !== found.labels.length) return undefined;
  const byKey = new Map(keys.map((key, i) => [key, found.labels[i]]));
  const labels = Array.from(keys, (_, index) => byKey.get(index));
  return labels.every((label) => label !== undefined) ? { ...found, labels } : undefined;
};

const namesOf = (graph: Graph, node: Node): Found | undefined => {
  if (node.op === 'ai.onnx.ml.ZipMap') return listed(node, 'ZipMap', 'classlabels_strings', 'classlabels_int64s');
  if (node.op === 'ai.onnx.ml.LabelEncoder') return encoded(node);
  const labels = namesLookedUp(graph, node);
  return (
    labels && { labels, where: `the list of its ${node.op.slice(node.op.lastIndexOf('.') + 1)}`, areNumbers: false }
  );
};

/**
 * The names that a network's own operations give to its classes: a ZipMap that pairs each score with a name, or a list out
 * of which the name of the best class is taken, as Custom Vision and scikit-learn export them.
 * @param logits tensor of the logits that the classes belong to.
 */
export const namesInGraph = (graph: Graph, logits: string): NamesInGraph => {
  const found = [...new Set(graph.producers.values())].flatMap((node) => {
    const names = namesOf(graph, node);
    return names !== undefined && logitsUpstream(graph, node.outputs[0]).logits === logits ? [names] : [];
  });
  const source = (areNumbers: boolean): LabelSource | undefined => {
    const alike = found.filter((names) => names.areNumbers === areNumbers);
    // A ZipMap names the scores one by one; a list may hold more than the classes.
    const one = alike.find(({ where }) => where.startsWith('ZipMap')) ?? alike[0];
    return one && { labels: one.labels, origin: { source: 'graph', where: one.where } };
  };
  return { names: source(false), numbers: source(true) };
};
