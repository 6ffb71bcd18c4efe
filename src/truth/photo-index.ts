import { type NameTable, nameTable } from '../stores/name-set.js';
import type { EntryMatch } from './format.js';
import { endsOf, type Likeness } from './likeness.js';

/** The rows that a photo may be, and how they are alike. */
export interface FoundRows {
  /** At most two: what could be several is no match. */
  readonly rows: readonly number[];
  readonly likeness: Likeness;
}

/** Rows of a truth's photos by their paths. Letters and their accents count as one, as macOS does not write them. */
export interface PhotoIndex {
  readonly add: (path: string, row: number) => void;
  /** Rows of the photos with a path, at most two. */
  readonly rowsAt: (path: string) => readonly number[];
  /** Rows of the photos that a photo may be: those with its path, else those that have the longest end of the path in common. */
  readonly find: (photo: string) => FoundRows;
  /** Number of paths that differ. */
  readonly size: () => number;
}

/** Rows that were added under a name, at most two. */
const rowsIn = (table: NameTable, name: string): readonly number[] => {
  const found = table.get(name);
  if (found === undefined) return [];
  return found.tag === 0 ? [found.value] : [found.value, found.tag - 1];
};

export const photoIndex = (): PhotoIndex => {
  const [byPath, byEnd] = [nameTable(), nameTable()];
  const rowsAt = (path: string): readonly number[] => rowsIn(byPath, path.normalize());
  return {
    add: (given, row) => {
      const [path, ...ends] = endsOf(given.normalize());
      byPath.add(path, row);
      for (const end of ends) byEnd.add(end, row);
    },
    rowsAt,
    find: (photo) => {
      for (const [i, end] of endsOf(photo.normalize()).entries()) {
        const whole = rowsIn(byPath, end);
        if (i === 0 && whole.length > 0) return { rows: whole, likeness: 'path' };
        // Both go on before what they have in common, and not alike: it would have been met with more of it.
        const others = rowsIn(byEnd, end);
        const rows = [...whole, ...others].slice(0, 2);
        if (rows.length > 0) return { rows, likeness: i > 0 && others.length > 0 ? 'name' : 'end' };
      }
      return { rows: [], likeness: 'path' };
    },
    size: byPath.size,
  };
};

/** The entry of found rows. Null: there are several. */
export const matchIn = ({ rows, likeness }: FoundRows): EntryMatch | null | undefined =>
  rows.length > 1 ? null : rows[0] === undefined ? undefined : { key: rows[0], likeness };
