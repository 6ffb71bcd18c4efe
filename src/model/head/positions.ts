import { ModelError } from '../../errors.js';
import type { Graph, Node } from '../onnx/graph.js';
import { isSoftmax } from './pools/attention.js';
import { knownAxes } from './pools/map-axes.js';
import type { Pooling } from './pools/pool.js';
import { reductionAxes } from './pools/reduction.js';
import { traitsOf } from './traits.js';
import { ancestorsOf, bottlenecks, photoDependent } from './walk.js';

/** How many pictures the network takes at a time; a free batch is fed with 1. */
export const batchOf = ({ inputs }: Graph): number => inputs[0]?.dims[0] ?? 1;

/** Results of the matrix products that all of a feature map comes through. */
export const productsUpstream = (graph: Graph, featureMap: string): readonly string[] =>
  bottlenecks(graph, featureMap).flatMap(({ op, outputs }) => (traitsOf(op).mixes === 'vectors' ? [outputs[0]] : []));

const positional: ReadonlySet<string> = new Set(['rows', 'columns', 'positions']);

type Dims = ReadonlyMap<string, readonly number[]>;

/** Whether all positions have become one vector. */
const mixes = ({ op, outputs }: Node, graph: Graph, dims: Dims): boolean => {
  const trait = traitsOf(op).mixes;
  const given = trait === 'vectors' ? dims.get(outputs[0]) : undefined;
  return trait === 'always' || (given?.length === 2 && given[0] === batchOf(graph));
};

const products: ReadonlySet<string> = new Set(['MatMul', 'Einsum']);
// Attention as one operator, whose first input is the queries.
const fused: ReadonlySet<string> = new Set(['Attention', 'com.microsoft.MultiHeadAttention']);

/** Attention whose queries are stored in the model: its results belong to the queries, and to no cell. */
const asksStored = ({ op, inputs }: Node, graph: Graph, dependent: ReadonlySet<string>): boolean => {
  if (fused.has(op)) return !dependent.has(inputs[0]);
  const weights = products.has(op) ? inputs.find((name) => isSoftmax(graph, name)) : undefined;
  let node = weights === undefined ? undefined : graph.producers.get(weights);
  while (node !== undefined && !products.has(node.op)) {
    node = graph.producers.get(node.inputs.find((name) => dependent.has(name)) ?? '');
  }
  return node !== undefined && !node.inputs.every((name) => dependent.has(name));
};

/** A reduction over rows, columns, or all positions of tokens, or a product that sums over them channel by channel. */
const reducesSide = (node: Node, graph: Graph, featureMap: string, dims: Dims): boolean => {
  const axes = knownAxes(graph, featureMap, (name) => dims.get(name) ?? []).get(node.inputs[0]);
  if (node.op === 'MatMul') return axes?.at(-1) === 'positions' && axes.at(-2) === 'channels';
  if (!node.op.startsWith('Reduce')) return false;
  const reduced = axes && reductionAxes(graph, node, axes.length);
  return reduced?.some((axis) => positional.has(axes?.at(axis) ?? '')) === true;
};

/**
 * A network may pool numbers that are not positions: a vector, reshaped; the answers to stored queries; what is left of rows
 * whose columns were pooled before.
 * @throws ModelError `head-refused` where all of the feature map comes through such numbers.
 */
export const checkPositions = (graph: Graph, featureMap: string, dims: Dims): void => {
  const dependent = photoDependent(graph, ancestorsOf(graph, featureMap, graph.isConstant));
  for (const node of bottlenecks(graph, featureMap)) {
    const why = mixes(node, graph, dims)
      ? `${node.op} has mixed all positions before the pool`
      : asksStored(node, graph, dependent)
        ? 'before the pool, attention with stored queries has mixed all positions, so that what is pooled belongs to the queries'
        : reducesSide(node, graph, featureMap, dims)
          ? `${node.op} has pooled rows, columns or all positions before the pool`
          : undefined;
    if (why !== undefined) throw new ModelError('head-refused', `No class map exists: ${why}.`);
  }
};

/**
 * Channels may be pooled as if they were cells, and be as many as some grid has cells.
 * @throws ModelError `head-refused` where the layers upstream tell that an axis of the cells is one of channels.
 */
export const checkAxes = (graph: Graph, { featureMap, positionAxes }: Pooling, dims: Dims): void => {
  const axes = knownAxes(graph, featureMap, (name) => dims.get(name) ?? []).get(featureMap);
  if (axes?.length !== dims.get(featureMap)?.length) return;
  if (positionAxes.every((axis) => positional.has(axes?.[axis] ?? ''))) return;
  throw new ModelError('head-refused', 'No class map exists: the pool is over channels, which are no cells.');
};
