import { type Graph, intAttribute, type Node } from '../../onnx/graph.js';
import { type Pool, type PoolCandidate, type PoolPart, type Quantization, type Recognition, refused } from './pool.js';
import { usesOf, type WholeMap, wholeReduction, wholeWindow } from './whole-map.js';

const QUANTIZED = 'com.microsoft.QLinearGlobalAveragePool';
const reductions = new Set(['ReduceMean', 'ReduceSum']);
const averages = new Set([...reductions, 'GlobalAveragePool', 'AveragePool', QUANTIZED]);

const candidates = (graph: Graph, upstream: readonly Node[]): readonly PoolCandidate[] =>
  usesOf(upstream, averages, reductions).map((use) => ({ pool: average, graph, ...use, needs: [] }));

const none = (found: string): Recognition => refused(`there is no average over the whole map, but ${found}`);

const product = (dims: readonly number[], axes: readonly number[]): number =>
  axes.reduce((n, axis) => n * dims[axis], 1);

const scalarOf = (graph: Graph, name: string | undefined): number => graph.constant(name ?? '')?.data[0] ?? 0;

/** How a quantised average dequantises its cells. */
const quantizationOf = ({ graph, nodes: [{ inputs }] }: PoolCandidate): Quantization => ({
  scale: scalarOf(graph, inputs[1]),
  zeroPoint: scalarOf(graph, inputs[2]),
});

/** How a quantised average quantises the means. */
const quantizerOf = ({ nodes: [{ inputs }], pooled }: PoolCandidate): Node => ({
  op: 'QuantizeLinear',
  inputs: [`${pooled}/mean`, inputs[3], inputs[4]],
  outputs: [pooled],
  attributes: new Map(),
});

const wholeMapOf = ({ graph, nodes }: PoolCandidate, dims: readonly number[]): WholeMap => {
  const [node] = nodes;
  return reductions.has(node.op)
    ? wholeReduction(graph, nodes, dims)
    : wholeWindow(node, dims, node.op === QUANTIZED && intAttribute(node, 'channels_last', 0) !== 0);
};

/** The mean, or the sum, of each channel over all cells. */
export const average: Pool = {
  candidates,
  recognise: (candidate, dimsOf) => {
    const { nodes, pooled, featureMap } = candidate;
    const dims = dimsOf(featureMap);
    const whole = wholeMapOf(candidate, dims);
    if ('found' in whole) return none(whole.found);
    const { axes, pooledDims } = whole;
    const operators = nodes.map(({ op }) => op);
    const sums = operators.includes('ReduceSum');
    if (sums && nodes.length > 1) {
      const positions = axes.positionAxes.join(', ');
      return none(`ReduceSum over axes ${positions} of ${dims.join('x')} in two steps, one of them a sum`);
    }
    const quantized = operators[0] === QUANTIZED;
    const part: PoolPart = {
      ...{ operators, pooled, pooledDims, length: dims[axes.channelAxis] },
      scale: sums ? product(dims, axes.positionAxes) : 1,
      quantizer: quantized ? quantizerOf(candidate) : undefined,
      coefficientsInWords: sums ? 'the sum of all cells' : 'the mean of all cells',
      held: undefined,
      needs: [],
      coefficients: () => ({ kind: 'equal' }),
    };
    return { kind: 'pool', axes, part, ...(quantized && { quantization: quantizationOf(candidate) }) };
  },
};
