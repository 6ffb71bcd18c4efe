import { type Graph, type Node, textAttribute } from '../../onnx/graph.js';
import { sizeOf } from '../../onnx/tensor.js';
import { asFloat32 } from '../../onnx/written.js';
import { attentionInWords, attentionPart, cellsOf, neededForCells, type Weights } from './attention-part.js';
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
export const isSoftmax = (graph: Graph, name: string): boolean => {
  let node = graph.producers.get(name);
  while (node !== undefined && moving.has(node.op)) node = graph.producers.get(node.inputs[0]);
  return node?.op === 'Softmax';
};

// "bqn,bnc->bqc": a product over the last axis of the first factor and the last but one of the second.
const matrixProduct = /^(\w*)(\w)(\w),\1\3(\w)->\1\2\4$/;

/** Whether an operation is a product of matrices, by whatever name. */
const isProduct = (node: Node): boolean =>
  node.op === 'MatMul' ||
  (node.op === 'Einsum' && matrixProduct.test(textAttribute(node, 'equation', '').replaceAll(' ', '')));

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

const none = (found: string): Recognition => refused(`there is no attention with one query, but ${found}`);

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
  const batch = graph.inputs[0]?.dims[0] ?? 1;
  if (rank === 3 && batch > 1 && dims[0] !== batch)
    return none(`${found}, whose heads stand in the place of a fixed batch`);
  const headAxis = rank === 4 ? 1 : dims[0] > batch ? 0 : undefined;
  const heads = headAxis === undefined ? 1 : dims[headAxis];
  if (heads > 1 && shares[headAxis ?? 0] !== heads) return none(`${found}, whose heads share their weights`);
  const channels = heads * dims[channelAxis];
  const how: Weights = {
    ...{ needs: [weights], heads, queries, tokens, isFirst },
    of: (given) => given(weights).data,
    write: (writer) => asFloat32(writer, weights),
  };
  const axes: Axes = {
    ...{ dims, channelAxis, positionAxes: [positionAxis], headAxis },
    cells: cellsOf(graph, values, tokens, dimsOf),
  };
  const operators = ['Softmax', node.op];
  return { kind: 'pool', axes, part: attentionPart(how, channels, { operators, pooled, pooledDims: dimsOf(pooled) }) };
};

/** Weights times values, summed over the positions. The products are taken as the feature map, and their sum as the pool. */
const recogniseSum = (candidate: PoolCandidate, dimsOf: DimsOf): Recognition => {
  const { graph, nodes, featureMap, pooled, needs } = candidate;
  const whole = wholeReduction(graph, nodes.slice(1), dimsOf(featureMap));
  if ('found' in whole) return none(whole.found);
  const { axes, pooledDims } = whole;
  const cells = axes.positionAxes.reduce((count, axis) => count * axes.dims[axis], 1);
  if (sizeOf(dimsOf(needs[0])) !== cells * axes.dims[0]) return none(`a softmax of ${dimsOf(needs[0]).join('x')}`);
  const tokens = axes.positionAxes.length === 1 ? axes.dims[axes.positionAxes[0]] : undefined;
  const some = tokens === undefined ? undefined : cellsOf(graph, featureMap, tokens, dimsOf);
  if (some !== undefined)
    return refused(`attention written as a sum is over ${tokens} tokens, of which ${some.count} are cells`);
  const part: PoolPart = {
    ...{
      quantizer: undefined,
      held: 'attention weights',
      scale: cells,
      operators: ['Softmax', ...nodes.map(({ op }) => op)],
      pooled,
      pooledDims,
    },
    ...{ length: axes.dims[axes.channelAxis], coefficientsInWords: attentionInWords(1), needs: [] },
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
      if (isProduct(node)) {
        const factors = factorsOf(graph, node);
        if (factors === undefined) return [];
        const needs = [factors.weights, ...neededForCells(graph, factors.values)];
        return [{ ...plain, nodes: [node], featureMap: factors.values, needs }];
      }
      const product = node.op === 'ReduceSum' ? graph.producers.get(node.inputs[0]) : undefined;
      const weights = product?.op === 'Mul' ? product.inputs.find((name) => isSoftmax(graph, name)) : undefined;
      if (product === undefined || weights === undefined) return [];
      const needs = [weights, ...neededForCells(graph, product.outputs[0])];
      return [{ ...plain, nodes: [product, node], featureMap: product.outputs[0], needs }];
    }),
  recognise: (candidate, dimsOf) =>
    candidate.nodes.length === 1 ? recogniseProduct(candidate, dimsOf) : recogniseSum(candidate, dimsOf),
};
