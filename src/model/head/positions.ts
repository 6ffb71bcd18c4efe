import { ModelError } from '../../errors.js';
import type { Graph, Node } from '../onnx/graph.js';
import { type KnownAxes, takenAlong } from './pools/map-axes.js';
import type { Pooling } from './pools/pool.js';
import { reductionAxes } from './pools/reduction.js';
import { answersQueries } from './queries.js';
import { traitsOf } from './traits.js';
import { bottlenecks } from './walk.js';

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

/** A reduction over rows, columns, or all positions of tokens, or a product that sums over them channel by channel. */
const reducesSide = (node: Node, graph: Graph, known: KnownAxes): boolean => {
  const axes = known.get(node.inputs[0]);
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
export const checkPositions = (graph: Graph, featureMap: string, dims: Dims, known: KnownAxes): void => {
  if (answersQueries(graph, featureMap)) {
    throw new ModelError(
      'head-refused',
      'No class map exists: before the pool, attention with stored queries has mixed all positions, so that what is pooled belongs to the queries.',
    );
  }
  for (const node of bottlenecks(graph, featureMap)) {
    const why = mixes(node, graph, dims)
      ? `${node.op} has mixed all positions before the pool`
      : reducesSide(node, graph, known)
        ? `${node.op} has pooled rows, columns or all positions before the pool`
        : undefined;
    if (why !== undefined) throw new ModelError('head-refused', `No class map exists: ${why}.`);
  }
};

/**
 * Channels may be pooled as if they were cells, and be as many as some grid has cells.
 * @throws ModelError `head-refused` where the layers upstream tell that an axis of the cells is one of channels.
 */
export const checkAxes = ({ featureMap, dims, positionAxes }: Pooling, known: KnownAxes): void => {
  const axes = known.get(featureMap);
  if (axes?.length !== dims.length) return;
  if (positionAxes.every((axis) => positional.has(axes?.[axis] ?? ''))) return;
  throw new ModelError('head-refused', 'No class map exists: the pool is over channels, which are no cells.');
};

/** Whether some tokens of a map were taken, which may be of any shape. */
export const isPicked = (graph: Graph, featureMap: string, known: KnownAxes): boolean =>
  bottlenecks(graph, featureMap).some((node) =>
    takenAlong(graph, node).some((axis) => known.get(node.inputs[0])?.at(axis) === 'positions'),
  );
