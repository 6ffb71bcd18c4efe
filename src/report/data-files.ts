import type { Store } from '../stores/store.js';
import { CALL } from './own-files.js';

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * JSON that is safe inside a script, in a file or in HTML. It holds no tag that would end the script, and no character
 * that older parsers read as the end of a line.
 */
export const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);

/** A value as a script, safe like JSON. Browsers read JSON out of a text a third faster than as a script of its own. */
const scriptValue = (value: unknown): string =>
  `JSON.parse('${JSON.stringify(value).replace(/[\\'<>&\u2028\u2029]/g, escaped)}')`;

/**
 * Writes one value for the page, as a script: a page opened from the disk may load nothing else.
 * @param folder its name in the store.
 */
export const writeData = (store: Store, folder: string, name: string, value: unknown): Promise<void> =>
  store.put(`${folder}/${name}.js`, `${CALL}${scriptJson(name)},${scriptValue(value)});\n`);

/** Writes a long list to files of bounded size. Holds the items of one file in memory. */
export interface ListFiles<T> {
  /** @param size of the item, in the unit of the limit for a file. */
  readonly add: (item: T, size: number) => Promise<void>;
  /** Writes the last file. @returns index of the first item of each file. */
  readonly end: () => Promise<readonly number[]>;
}

/** @param write writes a file's items. Files are numbered from 0. */
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
