/** Rows and columns of a feature map. */
export interface Cells {
  readonly rows: number;
  readonly columns: number;
}

/** An order of cells. Cells are counted row by row, from 0. */
export interface Order {
  /** Ends the sentence "the cells lie ...". */
  readonly words: string;
  /** The index in the feature map of the given cell of the picture. */
  readonly placeOf: (cell: number) => number;
}

type Turn = readonly [words: string, turned: (down: number, across: number) => readonly [number, number]];

// Both coordinates go from 0 to 1, so that a rectangular picture is turned into its own grid.
const turns: readonly Turn[] = [
  ['mirrored, left for right', (down, across) => [down, 1 - across]],
  ['mirrored, top for bottom', (down, across) => [1 - down, across]],
  ['turned upside down', (down, across) => [1 - down, 1 - across]],
  ['rows for columns', (down, across) => [across, down]],
  ['turned to the right', (down, across) => [across, 1 - down]],
  ['turned to the left', (down, across) => [1 - across, down]],
  ['rows for columns and upside down', (down, across) => [1 - across, 1 - down]],
];

const turnedOrders = ({ rows, columns }: Cells): readonly Order[] =>
  turns.map(([words, turned]) => ({
    words,
    placeOf: (cell) => {
      const [down, across] = turned((Math.floor(cell / columns) + 0.5) / rows, ((cell % columns) + 0.5) / columns);
      return Math.floor(down * rows) * columns + Math.floor(across * columns);
    },
  }));

const columnOrders = ({ rows, columns }: Cells): readonly Order[] => [
  {
    words: 'column by column',
    placeOf: (cell) => (cell % columns) * rows + Math.floor(cell / columns),
  },
  {
    words: 'column by column',
    placeOf: (cell) => (cell % rows) * columns + Math.floor(cell / rows),
  },
];

/** Windows of cells one after the other, and the inverse permutation. */
const windowOrders = ({ columns }: Cells, height: number, width: number): readonly Order[] => {
  const size = height * width;
  const across = columns / width;
  return [
    {
      words: `in windows of ${height}x${width}, one window after the other`,
      placeOf: (cell) => {
        const [row, column] = [Math.floor(cell / columns), cell % columns];
        const window = Math.floor(row / height) * across + Math.floor(column / width);
        return window * size + (row % height) * width + (column % width);
      },
    },
    {
      words: `spread out, as if windows of ${height}x${width} had been put together twice`,
      placeOf: (cell) => {
        const [window, inside] = [Math.floor(cell / size), cell % size];
        const row = Math.floor(window / across) * height + Math.floor(inside / width);
        return row * columns + (window % across) * width + (inside % width);
      },
    },
  ];
};

/** Window sizes as networks use them: square windows, and windows as many across as down. */
const windowSizes = ({ rows, columns }: Cells): readonly (readonly [number, number])[] => {
  const sizes: [number, number][] = [];
  for (let height = 1; height <= rows; height++) {
    for (let width = 1; width < columns; width++) {
      const fits = rows % height === 0 && columns % width === 0 && height * width > 1;
      if (fits && (height === width || rows * width === columns * height)) sizes.push([height, width]);
    }
  }
  return sizes;
};

/** The known orders in which networks leave cells, other than the picture's own. */
export const otherOrders = (cells: Cells): readonly Order[] => [
  ...turnedOrders(cells),
  ...columnOrders(cells),
  ...windowSizes(cells).flatMap(([height, width]) => windowOrders(cells, height, width)),
];
