import { type Graph, intAttribute, intsAttribute, type Node, textAttribute } from '../../onnx/graph.js';
import { type Axes, axesOf, type PoolCandidate } from './pool.js';
import { reduceAll } from './reduction.js';

/** Operations that pool, and the tensors that enter and leave them. */
type Use = Pick<PoolCandidate, 'nodes' | 'featureMap' | 'pooled'>;

/**
 * The uses of some operators.
 * @param reductions those of them that may reduce rows, then columns; both together are one use.
 */
export const usesOf = (
  upstream: readonly Node[],
  operators: ReadonlySet<string>,
  reductions: ReadonlySet<string>,
): readonly Use[] => {
  const found: Use[] = [];
  for (const node of upstream.filter(({ op }) => operators.has(op))) {
    const { op, inputs, outputs } = node;
    const at = found.findIndex(
      ({ nodes, pooled }) =>
        nodes.length === 1 && reductions.has(op) && reductions.has(nodes[0].op) && inputs[0] === pooled,
    );
    if (at >= 0) found[at] = { ...found[at], nodes: [...found[at].nodes, node], pooled: outputs[0] };
    else found.push({ nodes: [node], featureMap: inputs[0], pooled: outputs[0] });
  }
  return found;
};

/** A reduction to one number a channel, or what is reduced instead, in words. */
export type WholeMap = { readonly axes: Axes; readonly pooledDims: readonly number[] } | { readonly found: string };

/** Reductions over axes that a network names: they must be all positions, and neither the batch nor the channels. */
export const wholeReduction = (graph: Graph, nodes: readonly Node[], dims: readonly number[]): WholeMap => {
  const { axes, dims: pooledDims } = reduceAll(graph, nodes, dims);
  const channels = dims.map((_, axis) => axis).filter((axis) => axis > 0 && !axes.includes(axis));
  const found = `${nodes[0].op} over axes ${axes.join(', ')} of ${dims.join('x')}`;
  if (axes.includes(0) || channels.length !== 1 || axes.length < 1 || axes.length > 2) return { found };
  return { axes: { dims, channelAxis: channels[0], positionAxes: axes }, pooledDims };
};

const reachesAll = (node: Node, dims: readonly number[]): boolean => {
  const kernel = intsAttribute(node, 'kernel_shape') ?? [];
  const padded = (intsAttribute(node, 'pads') ?? []).some((pad) => pad !== 0);
  const automatic = textAttribute(node, 'auto_pad', 'NOTSET').startsWith('SAME');
  const dilated = (intsAttribute(node, 'dilations') ?? []).some((step) => step !== 1);
  // A kernel larger than the map, with ceil_mode, pools the cells that exist. The trial run checks this.
  const reaches = (size: number, i: number) =>
    intAttribute(node, 'ceil_mode', 0) === 0 ? size === dims[i + 2] : size >= dims[i + 2];
  return !padded && !automatic && !dilated && kernel.every(reaches);
};

/** An operator that pools each channel of a map of rows and columns: all of it, or windows as large as the map. */
export const wholeWindow = (node: Node, dims: readonly number[], channelsLast = false): WholeMap => {
  if (dims.length < 3 || dims.length > 4) return { found: `${node.op} of ${dims.join('x')}` };
  if (node.attributes.has('kernel_shape') && !reachesAll(node, dims)) {
    const kernel = intsAttribute(node, 'kernel_shape') ?? [];
    return { found: `${node.op} over ${kernel.join('x')} of a map of ${dims.slice(2).join('x')}` };
  }
  const axes = axesOf(dims, channelsLast ? dims.length - 1 : 1);
  return { axes, pooledDims: dims.map((dim, axis) => (axes.positionAxes.includes(axis) ? 1 : dim)) };
};
