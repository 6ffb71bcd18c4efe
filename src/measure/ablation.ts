import { PhotoError } from '../errors.js';
import type { ClassMap } from '../maps/class-map.js';
import { correlationOf } from './correlation.js';
import type { Measure, Subject } from './measure.js';
import { copyPixels, type Pixels, pixelsOf } from './pixels.js';
import { replacements } from './replacement.js';

/** Largest number of cells: each costs a forward pass. */
const MOST_CELLS = 256;

/** The pixels of the input whose centres lie in each cell, row by row of cells. */
const pixelsOfCells = (
  { rows, columns }: Pick<ClassMap, 'rows' | 'columns'>,
  { covered }: Pick<Subject, 'covered'>,
  { width, height }: Pick<Pixels, 'width' | 'height'>,
): readonly (readonly number[])[] => {
  const cells: number[][] = Array.from({ length: rows * columns }, () => []);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5 - covered.y) / covered.height) * rows);
    if (row < 0 || row >= rows) continue;
    for (let x = 0; x < width; x++) {
      const column = Math.floor(((x + 0.5 - covered.x) / covered.width) * columns);
      if (column >= 0 && column < columns) cells[row * columns + column].push(y * width + x);
    }
  }
  return cells;
};

/** How much each class's logit falls without each cell: a list a cell, a number a class. */
const fallsWithout = async (
  subject: Subject,
  grid: ClassMap,
  classes: readonly number[],
): Promise<readonly (readonly number[])[]> => {
  const { feed, arrays, ask, full } = subject;
  const pixels = pixelsOf(feed);
  const [replaced, changed] = [arrays.take(feed.data.length), arrays.take(feed.data.length)];
  replacements.zeros(subject, replaced);
  changed.set(feed.data);
  const falls: (readonly number[])[] = [];
  for (const cell of pixelsOfCells(grid, subject, pixels)) {
    copyPixels(pixels, cell, replaced, changed);
    const { logitOf } = await ask(changed);
    falls.push(classes.map((index) => full.logitOf(index) - logitOf(index)));
    copyPixels(pixels, cell, feed.data, changed);
  }
  arrays.give(replaced);
  arrays.give(changed);
  return falls;
};

/**
 * Cell ablation agreement: Pearson's correlation of what a map says of each cell with how much the class's logit really falls where
 * the pixels of that cell alone are replaced: the higher, the better; 0 where one of them is constant.
 * @throws PhotoError `too-many-cells`.
 */
export const ablation: Measure = {
  profiles: ['zeros'],
  passes: () => MOST_CELLS,
  read: async (subject, cases) => {
    const [{ map: grid }] = cases;
    const count = grid.rows * grid.columns;
    if (count > MOST_CELLS) {
      const message = `The map has ${count} cells, and ablation takes a forward pass for each, ${MOST_CELLS} at most; leave ablation out of what is measured.`;
      throw new PhotoError('too-many-cells', message);
    }
    const all = [...new Set(cases.flatMap(({ classes }) => classes))];
    const falls = await fallsWithout(subject, grid, all);
    return cases.map(({ map, classes }) =>
      classes.map((index) => {
        const own = falls.map((ofCell) => ofCell[all.indexOf(index)]);
        return { score: correlationOf(map.data, own) ?? 0 };
      }),
    );
  },
};
