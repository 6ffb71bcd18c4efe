import { ModelError } from '../../errors.js';
import type { Graph, Node } from '../onnx/graph.js';

/** Whether a node reads only the size of its input, not its values. */
export const readsOnlyShape = (node: Node): boolean => node.op === 'Shape' || node.op === 'Size';

/**
 * The operations upstream of a tensor, each after those that feed it. The walk ends at tensors for which `stops` holds,
 * and at operations that read only a shape. Iterative: graphs from files may be arbitrarily deep.
 * @throws ModelError `cycle` where the network feeds itself.
 */
export const ancestorsOf = (graph: Graph, tensor: string, stops: (name: string) => boolean): readonly Node[] => {
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

/** The tensors of these operations whose values depend on the photo, not only on its size. */
export const photoDependent = (graph: Graph, nodes: readonly Node[]): ReadonlySet<string> => {
  const dependent = new Set(graph.inputs.map(({ name }) => name));
  for (const node of nodes) {
    if (readsOnlyShape(node)) continue;
    if (node.inputs.some((input) => dependent.has(input))) for (const output of node.outputs) dependent.add(output);
  }
  return dependent;
};

/**
 * The bottlenecks upstream of `output`, nearest to it first: every path from the photo to `output` leads through each
 * of these operations. Squeeze-and-excite averages and a norm's own means are not among them, since other paths go
 * past those.
 */
export const bottlenecks = (graph: Graph, output: string): readonly Node[] => {
  const nodes = ancestorsOf(graph, output, graph.isConstant);
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

/** The nearest operators upstream of `output`, for an error message: "Gemm <- Flatten <- Relu <- Conv". */
export const describeUpstream = (graph: Graph, output: string): string => {
  const nodes = ancestorsOf(graph, output, graph.isConstant);
  const dependent = photoDependent(graph, nodes);
  const upstream = nodes.filter((node) => !readsOnlyShape(node) && node.outputs.some((name) => dependent.has(name)));
  const ops = upstream.toReversed().map(({ op }) => op);
  const end = ops.findIndex((op) => op.endsWith('Conv'));
  return ops.slice(0, Math.min(end === -1 ? ops.length : end + 1, 8)).join(' <- ') || 'nothing';
};
