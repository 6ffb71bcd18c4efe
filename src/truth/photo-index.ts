import { posix } from 'node:path';
import { type NameTable, nameTable } from '../stores/name-set.js';

/** Rows of a truth's photos by their paths. Letters and their accents count as one, as macOS does not write them. */
export interface PhotoIndex {
  readonly add: (path: string, row: number) => void;
  /** Rows of the photos with a path, at most two. */
  readonly rowsAt: (path: string) => readonly number[];
  /** Rows of the photos that a photo may be: of those with its path, else of those with its file name; at most two. */
  readonly find: (photo: string) => readonly number[];
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
  // Names without a folder are in the first table alone.
  const [byPath, byName] = [nameTable(), nameTable()];
  const rowsAt = (path: string): readonly number[] => rowsIn(byPath, path.normalize());
  return {
    add: (given, row) => {
      const path = given.normalize();
      byPath.add(path, row);
      if (path.includes('/')) byName.add(posix.basename(path), row);
    },
    rowsAt,
    find: (photo) => {
      const exact = rowsAt(photo);
      if (exact.length > 0) return exact;
      const name = posix.basename(photo.normalize());
      return [...rowsIn(byPath, name), ...rowsIn(byName, name)].slice(0, 2);
    },
    size: byPath.size,
  };
};
