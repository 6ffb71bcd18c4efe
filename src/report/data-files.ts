import type { Store } from '../stores/store.js';

/**
 * JSON as a script may hold it, wherever the script stands: no tag can end it, and no character that older parsers take
 * for the end of a line.
 */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/**
 * Writes one value for the page: a script, since a page from the disk may load nothing else.
 * @param folder its name in the store.
 */
export const writeData = (store: Store, folder: string, name: string, value: unknown): Promise<void> =>
  store.put(`${folder}/${name}.js`, `gapcamData(${scriptJson(name)},${scriptJson(value)});\n`);

/** A long list in files of bounded size, of which no more than one is held in memory. */
export interface ListFiles<T> {
  /** @param size of the item, in any unit; the sum of a file's is bounded. */
  readonly add: (item: T, size: number) => Promise<void>;
  /** Writes what is left. @returns index of the first item of each file. */
  readonly end: () => Promise<readonly number[]>;
}

/** @param write is given the files' numbers from 0. */
export const listFiles = <T>(
  limit: number,
  write: (file: number, items: readonly T[]) => Promise<void>,
): ListFiles<T> => {
  const firsts: number[] = [];
  let items: T[] = [];
  let [count, held] = [0, 0];
  const flush = async () => {
    if (items.length === 0) return;
    await write(firsts.length, items);
    firsts.push(count - items.length);
    items = [];
    held = 0;
  };
  return {
    add: async (item, size) => {
      items.push(item);
      count++;
      held += size;
      if (held >= limit) await flush();
    },
    end: async () => {
      await flush();
      return firsts;
    },
  };
};
