import { positionsOf } from '../../../maps/coefficients.js';
import type { FeatureMap } from '../../../maps/feature-map.js';
import { reshapedUpstream } from '../../grid.js';
import { type Graph, intAttribute, type Node } from '../../onnx/graph.js';
import type { Writer } from '../../onnx/writer.js';
import type { Fetched } from '../../runtime/session.js';
import { ancestorsOf, photoDependent } from '../walk.js';
import { type KnownAxes, knownAxes, neededForAxes } from './map-axes.js';
import type { Axes, DimsOf, PoolPart } from './pool.js';

// A class token is put beside the cells once, further tokens at another place.
const CONCATS = 4;

/** Concatenations upstream of the values that may have put tokens that are no cells beside those that are, nearest first. */
const concatenations = (graph: Graph, values: string): readonly Node[] => {
  const upstream = ancestorsOf(graph, values, graph.isConstant);
  const dependent = photoDependent(graph, upstream);
  return upstream.toReversed().filter((node) => {
    const axis = intAttribute(node, 'axis', 0);
    // On the last axis, or a fourth, are channels, such as the halves that a rotary embedding turns.
    return node.op === 'Concat' && dependent.has(node.outputs[0]) && axis !== -1 && axis < 3;
  });
};

/** Whether all concatenations that may have added tokens are looked at. */
export const tellsCells = (graph: Graph, values: string): boolean => concatenations(graph, values).length <= CONCATS;

/** Whether a concatenation is one of tokens. Where the layers upstream do not tell, by how many there are. */
const joinsTokens = (node: Node, known: KnownAxes, out: readonly number[], axis: number): boolean => {
  const axes = node.inputs.map((name) => known.get(name)).find((found) => found !== undefined);
  if (axes !== undefined) return axes[axis] === 'positions';
  // [N, tokens, channels] is far more common than the reverse.
  return axis === 1 || out.every((length, other) => other === axis || length !== out[axis]);
};

/**
 * Where the cells lie among the tokens: in the longest input of the concatenation that made the tokens. Undefined: none did, and
 * all tokens are cells.
 */
export const cellsOf = (graph: Graph, values: string, tokens: number, dimsOf: DimsOf): Axes['cells'] => {
  const known = knownAxes(graph, values, dimsOf);
  // Registers may have been put beside the cells before a class token was.
  let cells: Axes['cells'];
  for (const node of concatenations(graph, values).slice(0, CONCATS)) {
    const { inputs, outputs } = node;
    const out = dimsOf(outputs[0]);
    const given = intAttribute(node, 'axis', 0);
    const axis = given < 0 ? given + out.length : given;
    if (out[axis] !== (cells?.count ?? tokens) || !joinsTokens(node, known, out, axis)) continue;
    const lengths = inputs.map((name) => (graph.constant(name)?.dims ?? dimsOf(name))[axis]);
    const count = lengths.reduce((most, length) => Math.max(most, length), 0);
    if (lengths.filter((length) => length === count).length > 1) continue;
    const first = lengths.slice(0, lengths.indexOf(count)).reduce((sum, length) => sum + length, 0);
    cells = { first: first + (cells?.first ?? 0), count };
  }
  return cells;
};

/** Names of the tensors whose dims tell which of the values' tokens are cells, and their grid. */
export const neededForCells = (graph: Graph, values: string): readonly string[] => [
  ...concatenations(graph, values)
    .slice(0, CONCATS)
    .flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
    .filter((name) => !graph.isConstant(name)),
  ...reshapedUpstream(graph, values),
  ...neededForAxes(graph, values),
];

/** Attention weights, and how they lie in memory. */
export interface Weights {
  /** Names of the tensors that they are made of. */
  readonly needs: readonly string[];
  /** The weights of a photo, as they lie in memory. */
  readonly of: (given: (name: string) => Fetched) => ArrayLike<number>;
  /** Writes them for an exported model. @returns their name. */
  readonly write: (writer: Writer) => string;
  readonly heads: number;
  readonly queries: number;
  readonly tokens: number;
  /** Whether they lie as [heads, queries, tokens], the first factor of the product. Else as [heads, tokens, queries]. */
  readonly isFirst: boolean;
}

/** The weights that one query gives, [heads, positions]. */
const sharesOf = (
  features: Omit<FeatureMap, 'coefficients'>,
  data: ArrayLike<number>,
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
  ({ write, heads, queries, tokens, isFirst }: Weights, query: number, channels: number): PoolPart['weigh'] =>
  ({ writer }, positions, [rows, columns]) => {
    const last = isFirst ? [queries, tokens] : [tokens, queries];
    const apart = writer.node('Reshape', [write(writer), writer.integers([-1, heads, ...last])]);
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

/** Attention as a part of a pool. Where there are several queries, each is a choice. @param channels of all heads together. */
export const attentionPart = (
  how: Weights,
  channels: number,
  given: Pick<PoolPart, 'operators' | 'pooled' | 'pooledDims'>,
  places: (how: Weights, query: number, channels: number) => Int32Array = placesOf,
): PoolPart => {
  const { heads, queries } = how;
  const partOf = (query: number): PoolPart => ({
    ...given,
    ...{ scale: 1, quantizer: undefined, held: 'attention weights', needs: how.needs, length: channels },
    coefficientsInWords: attentionInWords(heads),
    places: queries === 1 ? undefined : places(how, query, channels),
    coefficients: (features, tensor) => ({
      kind: 'held',
      groups: heads,
      shares: sharesOf(features, how.of(tensor), how, query),
    }),
    weigh: weighBy(how, query, channels),
  });
  if (queries === 1) return partOf(0);
  return { ...partOf(0), choices: Array.from({ length: queries }, (_, query) => partOf(query)) };
};

/** What makes the coefficients, in words. */
export const attentionInWords = (heads: number): string =>
  `attention weights${heads > 1 ? ` of ${heads} heads` : ''}, held`;
