import type { Graph, Node } from '../../onnx/graph.js';
import { intAttribute, intsAttribute, textAttribute } from '../../onnx/graph.js';
import { positiveAxis } from '../operator.js';
import { bottlenecks } from '../walk.js';

/** An operation that may be the network's global average; whether it is, its input's dims decide. */
export interface Candidate {
  /** The operations of the average, in the order they run: one, or two where rows and columns are averaged in turn. */
  readonly nodes: readonly Node[];
  readonly graph: Graph;
}

/** A global average, as one tensor [N, C, positions...] in any order of axes becoming [N, C]. */
export interface Average {
  /** The averaging operators, in the order they run. */
  readonly operators: readonly string[];
  /** Name of the averaged tensor. */
  readonly featureMap: string;
  readonly dims: readonly number[];
  readonly channelAxis: number;
  /** One axis (tokens) or two (rows, columns), in the order they lie in memory. */
  readonly positionAxes: readonly number[];
  /** Name of the tensor that leaves the average. */
  readonly pooled: string;
  /** Dims of the pooled tensor, whose elements are mean * scale, [N, C] in memory. */
  readonly pooledDims: readonly number[];
  readonly scale: number;
  /** The operation that quantises the means, where the average gives integers. */
  readonly quantizer: Node | undefined;
  /** A stored feature map q stands for (q - zeroPoint) * scale. */
  readonly quantization: { readonly scale: number; readonly zeroPoint: number } | undefined;
}

const reduces = new Set(['ReduceMean', 'ReduceSum']);
const averages = new Set([...reduces, 'GlobalAveragePool', 'AveragePool', 'com.microsoft.QLinearGlobalAveragePool']);

/** Candidates behind an output, the deepest first: a mean nearer to the output (of two heads, say) is part of the head. */
export const averageCandidates = (graph: Graph, output: string): readonly Candidate[] => {
  const found = bottlenecks(graph, output).filter(({ op }) => averages.has(op));
  const candidates: Candidate[] = [];
  for (const node of found.toReversed()) {
    const before = candidates.at(-1)?.nodes;
    const last = before?.at(-1);
    if (
      last !== undefined &&
      before?.length === 1 &&
      reduces.has(node.op) &&
      reduces.has(last.op) &&
      node.inputs[0] === last.outputs[0]
    ) {
      candidates[candidates.length - 1] = { graph, nodes: [last, node] };
    } else {
      candidates.push({ graph, nodes: [node] });
    }
  }
  return candidates;
};

/** Name of the tensor that a candidate averages. */
export const featureMapOf = ({ nodes }: Candidate): string => nodes[0].inputs[0];

/** Name of the tensor that leaves a candidate. */
export const pooledOf = ({ nodes }: Candidate): string => nodes[nodes.length - 1].outputs[0];

interface Reduction {
  readonly axes: readonly number[];
  readonly dims: readonly number[];
}

const axesOf = (graph: Graph, node: Node): readonly number[] | undefined => {
  const given = node.inputs[1];
  if (given === undefined || given === '') return intsAttribute(node, 'axes');
  return Array.from(graph.constant(given)?.data ?? []);
};

const reduce = (graph: Graph, node: Node, dims: readonly number[]): Reduction => {
  const given = axesOf(graph, node);
  const axes =
    given === undefined || given.length === 0 ? dims.map((_, i) => i) : given.map((a) => positiveAxis(a, dims.length));
  const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return {
    axes,
    dims: intAttribute(node, 'keepdims', 1) !== 0 ? kept : kept.filter((_, axis) => !axes.includes(axis)),
  };
};

/** Axes of `dims` that a chain of reductions averages over, and the dims that are left. */
const reduceAll = ({ graph, nodes }: Candidate, dims: readonly number[]): Reduction => {
  let current = dims;
  let names = dims.map((_, axis) => axis);
  const axes: number[] = [];
  for (const node of nodes) {
    const step = reduce(graph, node, current);
    axes.push(...step.axes.map((axis) => names[axis]));
    if (step.dims.length < current.length) names = names.filter((_, axis) => !step.axes.includes(axis));
    current = step.dims;
  }
  return { axes: [...new Set(axes)].sort((a, b) => a - b), dims: current };
};

const poolsWholeMap = (node: Node, dims: readonly number[]): boolean => {
  const kernel = intsAttribute(node, 'kernel_shape') ?? [];
  const padded = (intsAttribute(node, 'pads') ?? []).some((pad) => pad !== 0);
  const automatic = textAttribute(node, 'auto_pad', 'NOTSET').startsWith('SAME');
  // A kernel beyond the map, with ceil_mode, averages what there is; the trial run would show it if it did not.
  const reaches = (size: number, i: number) =>
    intAttribute(node, 'ceil_mode', 0) === 0 ? size === dims[i + 2] : size >= dims[i + 2];
  return !padded && !automatic && kernel.every(reaches);
};

const scalarOf = (graph: Graph, name: string | undefined): number => graph.constant(name ?? '')?.data[0] ?? 0;

const product = (dims: readonly number[], axes: readonly number[]): number =>
  axes.reduce((n, axis) => n * dims[axis], 1);

/**
 * What a candidate averages, or a phrase that says why it is no global average.
 * @param dims of the candidate's feature map, as the runtime gave them.
 */
export const averageOf = (candidate: Candidate, dims: readonly number[]): Average | string => {
  const { graph, nodes } = candidate;
  const [node] = nodes;
  const operators = nodes.map(({ op }) => op);
  const common = {
    operators,
    featureMap: node.inputs[0],
    dims,
    pooled: pooledOf(candidate),
    quantizer: undefined,
    quantization: undefined,
  };
  if (reduces.has(node.op)) {
    const { axes, dims: pooledDims } = reduceAll(candidate, dims);
    const channels = dims.map((_, axis) => axis).filter((axis) => axis > 0 && !axes.includes(axis));
    const shape = `${node.op} over axes ${axes.join(', ')} of ${dims.join('x')}`;
    if (axes.includes(0) || channels.length !== 1 || axes.length < 1 || axes.length > 2) return shape;
    let scale = 1;
    for (const { op } of nodes) if (op === 'ReduceSum') scale *= nodes.length === 1 ? product(dims, axes) : Number.NaN;
    if (Number.isNaN(scale)) return `${shape} in two steps, one of them a sum`;
    return { ...common, channelAxis: channels[0], positionAxes: axes, pooledDims, scale };
  }
  const channelsLast = node.op.endsWith('QLinearGlobalAveragePool') && intAttribute(node, 'channels_last', 0) !== 0;
  if (dims.length < 3 || dims.length > 4) return `${node.op} of ${dims.join('x')}`;
  if (node.op === 'AveragePool' && !poolsWholeMap(node, dims)) {
    const kernel = intsAttribute(node, 'kernel_shape') ?? [];
    return `AveragePool over ${kernel.join('x')} of a map of ${dims.slice(2).join('x')}`;
  }
  const channelAxis = channelsLast ? dims.length - 1 : 1;
  const positionAxes = dims.map((_, axis) => axis).filter((axis) => axis > 0 && axis !== channelAxis);
  const pooledDims = dims.map((dim, axis) => (positionAxes.includes(axis) ? 1 : dim));
  if (!node.op.endsWith('QLinearGlobalAveragePool'))
    return { ...common, channelAxis, positionAxes, pooledDims, scale: 1 };
  const [, scaleIn, zeroIn, scaleOut, zeroOut] = node.inputs;
  return {
    ...common,
    channelAxis,
    positionAxes,
    pooledDims,
    scale: 1,
    quantizer: {
      op: 'QuantizeLinear',
      inputs: [`${common.pooled}/mean`, scaleOut, zeroOut],
      outputs: [common.pooled],
      attributes: new Map(),
    },
    quantization: { scale: scalarOf(graph, scaleIn), zeroPoint: scalarOf(graph, zeroIn) },
  };
};
