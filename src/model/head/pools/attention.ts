import { positionsOf } from '../../../maps/coefficients.js';
import type { FeatureMap } from '../../../maps/feature-map.js';
import { reshapedUpstream } from '../../grid.js';
import { type Graph, intAttribute, type Node } from '../../onnx/graph.js';
import { sizeOf } from '../../onnx/tensor.js';
import { asFloat32 } from '../../onnx/written.js';
import type { Fetched } from '../../runtime/session.js';
import { ancestorsOf, photoDependent } from '../walk.js';
import {
  type Axes,
  type DimsOf,
  type Pool,
  type PoolCandidate,
  type PoolPart,
  type Recognition,
  refused,
} from './pool.js';
import { wholeReduction } from './whole-map.js';

// Operators that only move or copy attention weights between the softmax and the product.
const moving = new Set([
  'Transpose',
  'Reshape',
  'Unsqueeze',
  'Squeeze',
  'Flatten',
  'Identity',
  'Cast',
  'Dropout',
  'Expand',
]);

/** Whether a tensor is the result of a softmax. */
const isSoftmax = (graph: Graph, name: string): boolean => {
  let node = graph.producers.get(name);
  while (node !== undefined && moving.has(node.op)) node = graph.producers.get(node.inputs[0]);
  return node?.op === 'Softmax';
};

const CONCATS = 2;

/** Concatenations upstream of the values: they may have put tokens that are no cells beside those that are. */
const concatenations = (graph: Graph, values: string): readonly Node[] => {
  const upstream = ancestorsOf(graph, values, graph.isConstant);
  const dependent = photoDependent(graph, upstream);
  return upstream
    .toReversed()
    .filter(({ op, outputs }) => op === 'Concat' && dependent.has(outputs[0]))
    .slice(0, CONCATS);
};

/** Where among the tokens the cells lie: all, or the largest piece of a concatenation of so many tokens. */
const cellsOf = (graph: Graph, values: string, tokens: number, dimsOf: DimsOf): Axes['cells'] => {
  for (const node of concatenations(graph, values)) {
    const { inputs, outputs } = node;
    const out = dimsOf(outputs[0]);
    const given = intAttribute(node, 'axis', 0);
    const axis = given < 0 ? given + out.length : given;
    if (out[axis] !== tokens) continue;
    const lengths = inputs.map((name) => (graph.constant(name)?.dims ?? dimsOf(name))[axis]);
    const count = lengths.reduce((most, length) => Math.max(most, length), 0);
    const first = lengths.slice(0, lengths.indexOf(count)).reduce((sum, length) => sum + length, 0);
    return { first, count };
  }
  return undefined;
};

/** The two factors of a product: attention weights and values. */
interface Factors {
  readonly weights: string;
  readonly values: string;
  /** Whether the weights are the first factor, one row of them; else the second, one column. */
  readonly isFirst: boolean;
}

const factorsOf = (graph: Graph, { inputs: [a, b] }: Node): Factors | undefined => {
  if (isSoftmax(graph, a)) return { weights: a, values: b, isFirst: true };
  return isSoftmax(graph, b) ? { weights: b, values: a, isFirst: false } : undefined;
};

/** How the weights lie in memory: [heads, queries, tokens], or with the last two turned. */
interface Weights {
  readonly name: string;
  readonly heads: number;
  readonly queries: number;
  readonly tokens: number;
  readonly isFirst: boolean;
}

/** The weights that one query gives, [heads, positions]. */
const sharesOf = (
  features: Omit<FeatureMap, 'coefficients'>,
  { data }: Fetched,
  { heads, queries, tokens, isFirst }: Weights,
  query: number,
): Float64Array => {
  const positions = positionsOf(features);
  return Float64Array.from({ length: heads * tokens }, (_, i) => {
    const token = positions[i % tokens] / features.grid.columnStride;
    const start = Math.floor(i / tokens) * queries * tokens;
    return data[start + (isFirst ? query * tokens + token : token * queries + query)];
  });
};

/** Writes the weights that one query gives, times the positions' numbers and how many positions there are. */
const weighBy =
  ({ name, heads, queries, tokens, isFirst }: Weights, query: number, channels: number): PoolPart['weigh'] =>
  ({ writer }, positions, [rows, columns]) => {
    const last = isFirst ? [queries, tokens] : [tokens, queries];
    const apart = writer.node('Reshape', [asFloat32(writer, name), writer.integers([-1, heads, ...last])]);
    const ofQuery = writer.node('Gather', [apart, writer.integers([query])], { axis: isFirst ? 2 : 3 });
    const byHead = writer.node('Reshape', [ofQuery, writer.integers([-1, heads, tokens])]);
    const byToken = writer.node('Transpose', [byHead], { perm: [0, 2, 1] });
    const byCell = writer.node('Reshape', [byToken, writer.integers([-1, rows, columns, heads])]);
    const headOf = Array.from({ length: channels }, (_, k) => Math.floor((k * heads) / channels));
    const shares = heads === 1 ? byCell : writer.node('Gather', [byCell, writer.integers(headOf)], { axis: 3 });
    return writer.node('Mul', [writer.node('Mul', [shares, positions]), writer.floats([], [tokens])]);
  };

/** The numbers of one query in the product, [heads, queries, channels] or with the last two turned. */
const placesOf = ({ heads, queries, isFirst }: Weights, query: number, channels: number): Int32Array => {
  const own = channels / heads;
  return Int32Array.from({ length: channels }, (_, k) => {
    const [head, channel] = [Math.floor(k / own), k % own];
    return head * queries * own + (isFirst ? query * own + channel : channel * queries + query);
  });
};

const none = (found: string): Recognition => refused(`there is no attention with one query, but ${found}`);

const common = {
  scale: 1,
  quantizer: undefined,
  held: 'attention weights',
} as const satisfies Partial<PoolPart>;

const words = (heads: number): string => `attention weights${heads > 1 ? ` of ${heads} heads` : ''}, held`;

/** Weights and values as the factors of a matrix product. */
const recogniseProduct = ({ graph, nodes: [node], pooled }: PoolCandidate, dimsOf: DimsOf): Recognition => {
  const factors = factorsOf(graph, node);
  if (factors === undefined) throw new Error(`${pooled} is no product with attention weights`);
  const { weights, values, isFirst } = factors;
  const [dims, shares] = [values, weights].map(dimsOf);
  const rank = dims.length;
  const found = `${node.op} of ${[shares, dims].map((d) => d.join('x')).join(' and ')}`;
  if (rank < 3 || rank > 4 || shares.length !== rank) return none(found);
  const queries = shares[isFirst ? rank - 2 : rank - 1];
  const positionAxis = isFirst ? rank - 2 : rank - 1;
  const channelAxis = isFirst ? rank - 1 : rank - 2;
  const tokens = dims[positionAxis];
  const headAxis = rank === 4 ? 1 : dims[0] > (graph.inputs[0]?.dims[0] ?? 1) ? 0 : undefined;
  const heads = headAxis === undefined ? 1 : dims[headAxis];
  if (heads > 1 && shares[headAxis ?? 0] !== heads) return none(`${found}, whose heads share their weights`);
  const channels = heads * dims[channelAxis];
  const how: Weights = { name: weights, heads, queries, tokens, isFirst };
  const partOf = (query: number): PoolPart => ({
    ...common,
    operators: ['Softmax', node.op],
    pooled,
    pooledDims: dimsOf(pooled),
    length: channels,
    places: queries === 1 ? undefined : placesOf(how, query, channels),
    coefficientsInWords: words(heads),
    needs: [weights],
    coefficients: (features, given) => ({
      kind: 'held',
      groups: heads,
      shares: sharesOf(features, given(weights), how, query),
    }),
    weigh: weighBy(how, query, channels),
  });
  const choices = queries === 1 ? undefined : Array.from({ length: queries }, (_, query) => partOf(query));
  const axes: Axes = {
    ...{ dims, channelAxis, positionAxes: [positionAxis], headAxis },
    cells: cellsOf(graph, values, tokens, dimsOf),
  };
  return { kind: 'pool', axes, part: { ...partOf(0), choices } };
};

/** Weights times values, summed over the positions. The products are taken as the feature map, and their sum as the pool. */
const recogniseSum = (candidate: PoolCandidate, dimsOf: DimsOf): Recognition => {
  const { graph, nodes, featureMap, pooled, needs } = candidate;
  const whole = wholeReduction(graph, nodes.slice(1), dimsOf(featureMap));
  if ('found' in whole) return none(whole.found);
  const { axes, pooledDims } = whole;
  const cells = axes.positionAxes.reduce((count, axis) => count * axes.dims[axis], 1);
  if (sizeOf(dimsOf(needs[0])) !== cells * axes.dims[0]) return none(`a softmax of ${dimsOf(needs[0]).join('x')}`);
  const part: PoolPart = {
    ...{ ...common, scale: cells, operators: ['Softmax', ...nodes.map(({ op }) => op)], pooled, pooledDims },
    ...{ length: axes.dims[axes.channelAxis], coefficientsInWords: words(1), needs: [] },
    coefficients: () => ({ kind: 'equal' }),
  };
  return { kind: 'pool', axes, part };
};

/**
 * Values of the cells, weighted by a softmax over them, with one query: multiple instance learning (Ilse et al. 2018,
 * Attention-based Deep Multiple Instance Learning), CLIP's and SigLIP's pools. The weights are held.
 */
export const attention: Pool = {
  candidates: (graph, upstream) =>
    upstream.flatMap((node): PoolCandidate[] => {
      const plain = { pool: attention, graph, pooled: node.outputs[0] };
      if (node.op === 'MatMul') {
        const factors = factorsOf(graph, node);
        if (factors === undefined) return [];
        const pieces = concatenations(graph, factors.values).flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
        const needs = [
          factors.weights,
          ...pieces.filter((name) => !graph.isConstant(name)),
          ...reshapedUpstream(graph, factors.values),
        ];
        return [{ ...plain, nodes: [node], featureMap: factors.values, needs }];
      }
      const product = node.op === 'ReduceSum' ? graph.producers.get(node.inputs[0]) : undefined;
      const weights = product?.op === 'Mul' ? product.inputs.find((name) => isSoftmax(graph, name)) : undefined;
      if (product === undefined || weights === undefined) return [];
      return [{ ...plain, nodes: [product, node], featureMap: product.outputs[0], needs: [weights] }];
    }),
  recognise: (candidate, dimsOf) =>
    candidate.nodes.length === 1 ? recogniseProduct(candidate, dimsOf) : recogniseSum(candidate, dimsOf),
};
