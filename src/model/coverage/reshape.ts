import type { Positions } from './positions.js';
import type { Numbers } from './shapes.js';

/** Whether a dim of a reshape is a number of cells: yes, perhaps (the dim is left open), or no. */
type Match = 'yes' | 'perhaps' | 'no';

const matchOf = (dim: number | undefined, cells: number): Match =>
  dim === cells ? 'yes' : dim === undefined || dim === -1 ? 'perhaps' : 'no';

const both = (a: Match, b: Match): boolean => a !== 'no' && b !== 'no' && (a === 'yes' || b === 'yes');

/** Positions with rows and columns at these axes of the new dims. One axis may hold both. */
const at = (positions: Positions, rank: number, row: number, column = row): Positions => ({
  ...positions,
  rank,
  row,
  column,
});

const lastAxes = (positions: Positions, dims: Numbers, [height, width]: readonly number[]): Positions | undefined => {
  const rank = dims.length;
  if (rank >= 4 && both(matchOf(dims[rank - 2], height), matchOf(dims[rank - 1], width))) {
    return at(positions, rank, rank - 2, rank - 1);
  }
  return rank === 3 && matchOf(dims[2], height * width) !== 'no' ? at(positions, rank, 2) : undefined;
};

const middleAxes = (positions: Positions, dims: Numbers, [height, width]: readonly number[]): Positions | undefined => {
  const rank = dims.length;
  if (rank >= 4 && both(matchOf(dims[1], height), matchOf(dims[2], width))) return at(positions, rank, 1, 2);
  return rank >= 3 && matchOf(dims[1], height * width) !== 'no' ? at(positions, rank, 1) : undefined;
};

/**
 * Positions after a reshape that flattens rows and columns, parts them again, or leaves them alone. They may be the last
 * axes, or those right after the batch. Other reshapes, such as a cut into windows, are not followed.
 * @param target the new dims. 0: unchanged. -1: the remaining elements.
 */
export const reshaped = (positions: Positions, target: Numbers): Positions | undefined => {
  const { rank, row, column, rows, columns } = positions;
  if (rows.before + rows.after + columns.before + columns.after !== 0) return undefined;
  const sizes = [rows.cells, columns.cells];
  const before = (axis: number) => (row === column ? sizes[0] * sizes[1] : axis === row ? sizes[0] : sizes[1]);
  const dims = target.map((dim, axis) =>
    dim !== 0 ? dim : axis === row || axis === column ? before(axis) : undefined,
  );
  if (row > column) return undefined;
  if (column === rank - 1) return lastAxes(positions, dims, sizes);
  return row === 1 && column <= 2 ? middleAxes(positions, dims, sizes) : undefined;
};
