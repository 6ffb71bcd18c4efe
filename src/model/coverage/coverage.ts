import type { TensorSpec } from '../../image/to-tensor.js';
import type { Box, Size } from '../../maps/box.js';
import { type Grid, havePlaces } from '../../maps/feature-map.js';
import { ancestorsOf } from '../head/walk.js';
import type { Graph } from '../onnx/graph.js';
import { positionsAfter } from './layers.js';
import type { Positions } from './positions.js';
import { pixels, type Span, withPadding } from './span.js';

/** How a feature map's cells lie over the network's input. */
export interface Coverage {
  readonly rows: Span;
  readonly columns: Span;
}

/**
 * Follows the picture from the input to a feature map, layer by layer. The result is as exact as the layers' own
 * numbers. An unknown layer ends the walk, unless a known branch goes past it.
 * @param size of the input, in pixels.
 * @returns undefined where the layers cannot be followed, or the input is too small for them.
 */
export const coverageOf = (
  graph: Graph,
  featureMap: string,
  { name, layout }: Pick<TensorSpec, 'name' | 'layout'>,
  { width, height }: Size,
): Coverage | undefined => {
  const [row, column] = layout === 'nchw' ? [2, 3] : [1, 2];
  const input: Positions = { rank: 4, row, column, rows: pixels(height), columns: pixels(width) };
  const positions = new Map<string, Positions>([[name, input]]);
  for (const node of ancestorsOf(graph, featureMap, (tensor) => graph.isConstant(tensor) || positions.has(tensor))) {
    const found = positionsAfter(graph, node, (tensor) => positions.get(tensor));
    // An operator's further outputs, such as a scale, have no positions.
    const outputs = node.op === 'Split' ? node.outputs : node.outputs.slice(0, 1);
    if (found !== undefined) for (const output of outputs) positions.set(output, found);
  }
  const found = positions.get(featureMap);
  return found && { rows: withPadding(found.rows), columns: withPadding(found.columns) };
};

/**
 * The part of a network's input that all cells of its feature map cover together, in pixels of the input. Undefined
 * where the layers do not tell.
 */
export type Covered = (
  input: Size,
  grid: Pick<Grid, 'rows' | 'columns'> & { readonly layout?: string },
) => Box | undefined;

// Sizes that are cached. Where every photo has its own size, the cache starts again after so many.
const MOST_SIZES = 10_000;

/** The coverage for each size of input, computed once per size. */
export const coveredBy = (graph: Graph, featureMap: string, spec: Pick<TensorSpec, 'name' | 'layout'>): Covered => {
  const known = new Map<string, Coverage | undefined>();
  return (input, grid) => {
    if (!havePlaces(grid)) return undefined;
    const key = `${input.width}x${input.height}`;
    if (known.size >= MOST_SIZES) known.clear();
    if (!known.has(key)) known.set(key, coverageOf(graph, featureMap, spec, input));
    const coverage = known.get(key);
    // The runtime decides how many cells there are.
    if (coverage?.rows.cells !== grid.rows || coverage.columns.cells !== grid.columns) return undefined;
    const { rows, columns } = coverage;
    return { x: columns.start, y: rows.start, width: columns.end - columns.start, height: rows.end - rows.start };
  };
};
