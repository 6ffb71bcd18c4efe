import { ModelError } from '../errors.js';
import type { Size } from '../maps/box.js';
import type { Grid } from '../maps/feature-map.js';
import type { Axes, Pooling } from './head/pools/pool.js';
import { ancestorsOf } from './head/walk.js';
import type { Graph } from './onnx/graph.js';

const strideOf = (dims: readonly number[], axis: number): number => dims.slice(axis + 1).reduce((a, b) => a * b, 1);

// A reshape further upstream than this does not concern the order of the tokens.
const NODES_SEARCHED = 40;
const SOURCES = 6;

/** Whether a feature map with one axis of positions is a flattened map of rows and columns. */
export const isFlattenedMap = (graph: Graph, featureMap: string): boolean =>
  ['Reshape', 'Flatten'].includes(graph.producers.get(featureMap)?.op ?? '');

/** Names of the tensors, nearest first, that were reshaped on the way to a feature map. */
export const reshapedUpstream = (graph: Graph, featureMap: string): readonly string[] =>
  ancestorsOf(graph, featureMap, graph.isConstant)
    .slice(-NODES_SEARCHED)
    .toReversed()
    .filter(({ op }) => op === 'Reshape' || op === 'Flatten')
    .slice(0, SOURCES)
    .map(({ inputs }) => inputs[0]);

interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Rows and columns of a reshaped tensor that became `positions` positions.
 * @param channels number of channels that it must have had; undefined: any.
 */
const gridBefore = (dims: readonly number[], positions: number, channels?: number): Shape | undefined => {
  if (dims.length !== 4) return undefined;
  const [, a, b, c] = dims;
  const planar = (channels ?? a) === a && b * c === positions;
  // Where any number of channels is taken, [1, 1, tokens, channels] is a head of attention, and no row.
  const apart = channels !== undefined || (a > 1 && b > 1) || positions === 1;
  const interleaved = (channels ?? c) === c && a * b === positions && apart;
  if (planar === interleaved) return undefined;
  return planar ? { rows: b, columns: c } : { rows: a, columns: b };
};

/** Rows and columns in the ratio of the input's sides. Undefined where there are none. */
const gridOfAspect = (positions: number, height: number, width: number): Shape | undefined => {
  const rows = Math.round(Math.sqrt((positions * height) / width));
  const columns = positions / rows;
  return rows > 0 && Number.isInteger(columns) && rows * width === columns * height ? { rows, columns } : undefined;
};

/** The grid that a reshape in the graph and the input's aspect agree on. A reshape alone may be one into attention heads. */
const agreedGrid = (reshaped: readonly Shape[], aspect: Shape | undefined): Shape | undefined => {
  const same = (a: Shape, b: Shape) => a.rows === b.rows && a.columns === b.columns;
  if (aspect !== undefined) {
    return reshaped.length === 0 || reshaped.some((grid) => same(grid, aspect)) ? aspect : undefined;
  }
  const [nearest] = reshaped;
  return nearest !== undefined && reshaped.every((grid) => same(grid, nearest)) ? nearest : undefined;
};

/** How channels lie in memory, of each head of attention where there are several. */
const channelsOf = ({ dims, channelAxis, headAxis }: Axes) => ({
  channels: dims[channelAxis] * (headAxis === undefined ? 1 : dims[headAxis]),
  channelStride: strideOf(dims, channelAxis),
  headChannels: dims[channelAxis],
  headStride: headAxis === undefined ? 0 : strideOf(dims, headAxis),
});

const gridOfMap = (axes: Axes): Grid => {
  const { dims, channelAxis, positionAxes } = axes;
  const [rows, columns] = positionAxes;
  return {
    layout: channelAxis < rows ? 'nchw' : 'nhwc',
    rows: dims[rows],
    columns: dims[columns],
    ...channelsOf(axes),
    rowStride: strideOf(dims, rows),
    columnStride: strideOf(dims, columns),
    first: 0,
    outside: [],
  };
};

const gridOfTokens = (axes: Axes, { rows, columns }: Shape, layout: Grid['layout']): Grid => {
  const { dims, positionAxes, cells } = axes;
  const [axis] = positionAxes;
  const columnStride = strideOf(dims, axis);
  const { first, count } = cells ?? { first: 0, count: dims[axis] };
  const others = Array.from({ length: dims[axis] }, (_, token) => token).filter(
    (token) => token < first || token >= first + count,
  );
  return {
    layout,
    rows,
    columns,
    ...channelsOf(axes),
    rowStride: columns * columnStride,
    columnStride,
    first: first * columnStride,
    outside: others.map((token) => token * columnStride),
  };
};

/**
 * Rows and columns of the pooled tensor.
 * @param reshaped dims of the tensors that were reshaped upstream of it, nearest first; undefined: what they tell is none of these tokens.
 * @param size of the network's input in pixels.
 * @param flattened see `isFlattenedMap`.
 * @param areCells whether it is known which tokens are cells, so that they make a row where they make no grid.
 * @throws ModelError `ambiguous-grid` where tokens could form more than one grid, and any of them may be no cell.
 */
export const gridOf = (
  axes: Axes,
  reshaped: readonly (readonly number[])[] | undefined,
  size: Size,
  flattened: boolean,
  areCells = false,
): Grid => {
  const { dims, channelAxis, positionAxes, headAxis, cells } = axes;
  if (positionAxes.length === 2) return gridOfMap(axes);
  const positions = cells?.count ?? dims[positionAxes[0]];
  // The channels of attention's values are others than those of the map that they were made of.
  const channels = headAxis === undefined && cells === undefined ? dims[channelAxis] : undefined;
  const found =
    reshaped &&
    agreedGrid(
      reshaped.flatMap((source) => gridBefore(source, positions, channels) ?? []),
      gridOfAspect(positions, size.height, size.width),
    );
  if (found === undefined && areCells) return gridOfTokens(axes, { rows: 1, columns: positions }, 'row');
  if (found === undefined) {
    throw new ModelError(
      'ambiguous-grid',
      `No class map exists: the network pools ${positions} tokens, which make no one grid in the shape of its ${size.width}x${size.height} input; a class token among them would be one reason.`,
    );
  }
  const isPlanar = flattened && channelAxis < positionAxes[0] && headAxis === undefined;
  return gridOfTokens(axes, found, isPlanar ? 'nchw' : 'tokens');
};

/**
 * The grid of a feature map of these dims: the trial's, or another for an input of another size.
 * @throws ModelError `ambiguous-grid` for tokens of another size: their rows and columns are known only for the trial's.
 */
export const gridFor = (pooling: Pooling, trial: Grid, dims: readonly number[]): Grid => {
  if (dims.every((dim, axis) => dim === pooling.dims[axis])) return trial;
  if (pooling.positionAxes.length === 1) {
    throw new ModelError('ambiguous-grid', 'The network pools tokens, so all photos must be fed in one size.');
  }
  return gridOf({ ...pooling, dims }, [], { width: 1, height: 1 }, false);
};
