import { type Graph, intAttribute, intsAttribute, type Node, textAttribute } from '../../onnx/graph.js';
import type { Pool, PoolCandidate, Pooling, Recognition } from './pool.js';
import { reduceAll } from './reduction.js';

const QUANTIZED = 'com.microsoft.QLinearGlobalAveragePool';
const reductions = new Set(['ReduceMean', 'ReduceSum']);
const averages = new Set([...reductions, 'GlobalAveragePool', 'AveragePool', QUANTIZED]);

/** Whether a second reduction continues the first: some models average rows and columns in turn. */
const continues = (before: PoolCandidate | undefined, node: Node): before is PoolCandidate => {
  const [last, ...more] = before?.nodes ?? [];
  return (
    last !== undefined &&
    more.length === 0 &&
    reductions.has(node.op) &&
    reductions.has(last.op) &&
    node.inputs[0] === last.outputs[0]
  );
};

const candidates = (graph: Graph, passed: readonly Node[]): readonly PoolCandidate[] => {
  const found: PoolCandidate[] = [];
  for (const node of passed.filter(({ op }) => averages.has(op))) {
    const before = found.at(-1);
    const [pooled] = node.outputs;
    if (continues(before, node)) found[found.length - 1] = { ...before, nodes: [...before.nodes, node], pooled };
    else found.push({ pool: average, graph, nodes: [node], featureMap: node.inputs[0], pooled });
  }
  return found;
};

const refused = (found: string): Recognition => ({
  kind: 'refused',
  reason: `there is no average over the whole map, but ${found}`,
});

type Plain = Omit<Pooling, 'channelAxis' | 'positionAxes' | 'pooledDims'>;

/** The fields that all forms of an average share. */
const plain = ({ nodes, featureMap, pooled }: PoolCandidate, dims: readonly number[]): Plain => ({
  pool: average,
  operators: nodes.map(({ op }) => op),
  featureMap,
  dims,
  pooled,
  scale: 1,
  quantizer: undefined,
  quantization: undefined,
});

const product = (dims: readonly number[], axes: readonly number[]): number =>
  axes.reduce((n, axis) => n * dims[axis], 1);

const recogniseReduction = (candidate: PoolCandidate, dims: readonly number[]): Recognition => {
  const { graph, nodes } = candidate;
  const { axes, dims: pooledDims } = reduceAll(graph, nodes, dims);
  const channels = dims.map((_, axis) => axis).filter((axis) => axis > 0 && !axes.includes(axis));
  const shape = `${nodes[0].op} over axes ${axes.join(', ')} of ${dims.join('x')}`;
  if (axes.includes(0) || channels.length !== 1 || axes.length < 1 || axes.length > 2) return refused(shape);
  const sums = nodes.some(({ op }) => op === 'ReduceSum');
  if (sums && nodes.length > 1) return refused(`${shape} in two steps, one of them a sum`);
  const scale = sums ? product(dims, axes) : 1;
  return {
    kind: 'pool',
    pooling: { ...plain(candidate, dims), channelAxis: channels[0], positionAxes: axes, pooledDims, scale },
  };
};

const poolsWholeMap = (node: Node, dims: readonly number[]): boolean => {
  const kernel = intsAttribute(node, 'kernel_shape') ?? [];
  const padded = (intsAttribute(node, 'pads') ?? []).some((pad) => pad !== 0);
  const automatic = textAttribute(node, 'auto_pad', 'NOTSET').startsWith('SAME');
  // A kernel larger than the map, with ceil_mode, averages the cells that exist. The trial run checks this.
  const reaches = (size: number, i: number) =>
    intAttribute(node, 'ceil_mode', 0) === 0 ? size === dims[i + 2] : size >= dims[i + 2];
  return !padded && !automatic && kernel.every(reaches);
};

const scalarOf = (graph: Graph, name: string | undefined): number => graph.constant(name ?? '')?.data[0] ?? 0;

/** How a quantised average dequantises its cells, and how it quantises the means. */
const quantizationOf = ({
  graph,
  nodes: [node],
  pooled,
}: PoolCandidate): Pick<Pooling, 'quantizer' | 'quantization'> => {
  const [, scaleIn, zeroIn, scaleOut, zeroOut] = node.inputs;
  return {
    quantizer: {
      op: 'QuantizeLinear',
      inputs: [`${pooled}/mean`, scaleOut, zeroOut],
      outputs: [pooled],
      attributes: new Map(),
    },
    quantization: { scale: scalarOf(graph, scaleIn), zeroPoint: scalarOf(graph, zeroIn) },
  };
};

/** An operator that pools each channel of a map of rows and columns. */
const recogniseMap = (candidate: PoolCandidate, dims: readonly number[]): Recognition => {
  const [node] = candidate.nodes;
  if (dims.length < 3 || dims.length > 4) return refused(`${node.op} of ${dims.join('x')}`);
  if (node.op === 'AveragePool' && !poolsWholeMap(node, dims)) {
    const kernel = intsAttribute(node, 'kernel_shape') ?? [];
    return refused(`AveragePool over ${kernel.join('x')} of a map of ${dims.slice(2).join('x')}`);
  }
  const quantized = node.op === QUANTIZED;
  const channelAxis = quantized && intAttribute(node, 'channels_last', 0) !== 0 ? dims.length - 1 : 1;
  const positionAxes = dims.map((_, axis) => axis).filter((axis) => axis > 0 && axis !== channelAxis);
  const pooledDims = dims.map((dim, axis) => (positionAxes.includes(axis) ? 1 : dim));
  const pooling = { ...plain(candidate, dims), channelAxis, positionAxes, pooledDims };
  return { kind: 'pool', pooling: quantized ? { ...pooling, ...quantizationOf(candidate) } : pooling };
};

/** The mean, or the sum, of each channel over all cells. */
export const average: Pool = {
  candidates,
  recognise: (candidate, dims) =>
    reductions.has(candidate.nodes[0].op) ? recogniseReduction(candidate, dims) : recogniseMap(candidate, dims),
  coefficients: () => ({ kind: 'equal' }),
};
