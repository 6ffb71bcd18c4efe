import { joined, type Span } from './span.js';

/** Where in a tensor the picture's rows and columns lie. */
export interface Positions {
  /** Number of the tensor's axes. */
  readonly rank: number;
  /** Axes of rows and columns; the same where both lie along one axis, row by row, as tokens do. */
  readonly row: number;
  readonly column: number;
  readonly rows: Span;
  readonly columns: Span;
}

/** Whether rows or columns lie along an axis; one below 0 counts from the last. */
export const isPosition = ({ rank, row, column }: Positions, axis: number): boolean =>
  [row, column].includes(axis < 0 ? axis + rank : axis);

/** Another span for rows and columns; undefined where one of them is. */
export const withSpans = (
  positions: Positions,
  rows: Span | undefined,
  columns: Span | undefined,
): Positions | undefined => (rows === undefined || columns === undefined ? undefined : { ...positions, rows, columns });

/** Positions of what is computed cell by cell, with axes lined up at the last; undefined where they do not fit. */
const joinedTwo = (a: Positions, b: Positions): Positions | undefined => {
  const wider = a.rank >= b.rank ? a : b;
  if (a.row - a.rank !== b.row - b.rank || a.column - a.rank !== b.column - b.rank) return undefined;
  return withSpans(wider, joined(a.rows, b.rows), joined(a.columns, b.columns));
};

/** The same of any number of tensors, of which those without positions are left out. */
export const joinedPositions = (operands: readonly (Positions | undefined)[]): Positions | undefined => {
  const [first, ...others] = operands.filter((operand) => operand !== undefined);
  return others.reduce<Positions | undefined>((all, next) => all && joinedTwo(all, next), first);
};
