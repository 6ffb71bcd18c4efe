import { ModelError } from '../../errors.js';
import type { Graph, Node } from '../onnx/graph.js';

/** Asks only how large a tensor is, not what is in it. */
export const readsOnlyShape = (node: Node): boolean => node.op === 'Shape' || node.op === 'Size';

/**
 * The operations that a tensor is computed by, each after those that feed it; the walk goes no further back than where
 * `stops` says so, and not behind those that read only a shape. Its own stack, not the language's: files may nest deeply.
 * @throws ModelError `cycle` where the network feeds itself.
 */
export const nodesBehind = (graph: Graph, tensor: string, stops: (name: string) => boolean): readonly Node[] => {
  const done = new Set<Node>();
  const open = new Set<Node>();
  const stack = [tensor];
  while (stack.length > 0) {
    const name = stack[stack.length - 1];
    const node = stops(name) ? undefined : graph.producers.get(name);
    if (node === undefined || done.has(node)) {
      stack.pop();
    } else if (open.has(node)) {
      open.delete(node);
      done.add(node);
      stack.pop();
    } else {
      open.add(node);
      for (const input of readsOnlyShape(node) ? [] : node.inputs) {
        const producer = graph.producers.get(input);
        if (producer !== undefined && open.has(producer) && !stops(input)) {
          throw new ModelError('cycle', `The model feeds itself: ${node.op} needs its own result.`);
        }
        if (input !== '') stack.push(input);
      }
    }
  }
  return [...done];
};

/** The tensors behind `output` whose values depend on the photo, not only on its size. */
const photoDependent = (graph: Graph, nodes: readonly Node[]): ReadonlySet<string> => {
  const dependent = new Set(graph.inputs.map(({ name }) => name));
  for (const node of nodes) {
    if (readsOnlyShape(node)) continue;
    if (node.inputs.some((input) => dependent.has(input))) for (const output of node.outputs) dependent.add(output);
  }
  return dependent;
};

/**
 * The operations that everything behind `output` passes through, nearest to the output first. What `output` knows of
 * the photo, it knows through each of them: squeeze-and-excite averages and a norm's own means are not among them,
 * since the features go past those.
 */
export const bottlenecks = (graph: Graph, output: string): readonly Node[] => {
  const nodes = nodesBehind(graph, output, graph.isConstant);
  const dependent = photoDependent(graph, nodes);
  const frontier = new Set([output]);
  const found: Node[] = [];
  for (const node of nodes.toReversed()) {
    const wanted = node.outputs.filter((name) => frontier.has(name));
    if (wanted.length === 0) continue;
    if (frontier.size === 1) found.push(node);
    for (const name of wanted) frontier.delete(name);
    if (readsOnlyShape(node)) continue;
    for (const name of node.inputs) if (dependent.has(name)) frontier.add(name);
  }
  return found;
};

/** The first operators back from the output, as a sentence names them: "Gemm <- Flatten <- Relu <- Conv". */
export const describeBehind = (graph: Graph, output: string): string => {
  const nodes = nodesBehind(graph, output, graph.isConstant);
  const dependent = photoDependent(graph, nodes);
  const behind = nodes.filter((node) => !readsOnlyShape(node) && node.outputs.some((name) => dependent.has(name)));
  const ops = behind.toReversed().map(({ op }) => op);
  const end = ops.findIndex((op) => op.endsWith('Conv'));
  return ops.slice(0, Math.min(end === -1 ? ops.length : end + 1, 8)).join(' <- ') || 'nothing';
};
