import { joined, type Span } from './span.js';

/** Where in a tensor the picture's rows and columns lie. */
export interface Positions {
  /** Number of the tensor's axes. */
  readonly rank: number;
  /** Axes of rows and columns. The same axis where both lie along it row by row, as tokens do. */
  readonly row: number;
  readonly column: number;
  readonly rows: Span;
  readonly columns: Span;
}

/** Whether rows or columns lie along an axis. A negative axis counts from the last. */
export const isPosition = ({ rank, row, column }: Positions, axis: number): boolean =>
  [row, column].includes(axis < 0 ? axis + rank : axis);

/** The same positions with other spans. Undefined where a span is. */
export const withSpans = (
  positions: Positions,
  rows: Span | undefined,
  columns: Span | undefined,
): Positions | undefined => (rows === undefined || columns === undefined ? undefined : { ...positions, rows, columns });

/** Positions of an elementwise result, with axes aligned at the last. Undefined where they do not fit. */
const joinedTwo = (a: Positions, b: Positions): Positions | undefined => {
  const wider = a.rank >= b.rank ? a : b;
  if (a.row - a.rank !== b.row - b.rank || a.column - a.rank !== b.column - b.rank) return undefined;
  return withSpans(wider, joined(a.rows, b.rows), joined(a.columns, b.columns));
};

/** The same for any number of tensors. Those without positions are left out. */
export const joinedPositions = (operands: readonly (Positions | undefined)[]): Positions | undefined => {
  const [first, ...others] = operands.filter((operand) => operand !== undefined);
  return others.reduce<Positions | undefined>((all, next) => all && joinedTwo(all, next), first);
};
