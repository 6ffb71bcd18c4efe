import type { S3 } from '../../s3/client.js';
import { type NameTable, nameTable } from '../name-set.js';

/**
 * Sizes of objects. A resumed run looks up each picture, maybe a million: after some questions all objects are listed, a thousand
 * in a request. What the listing does not have is asked for by itself, so that only removals by others, in the minutes since, are
 * missed.
 */

const QUESTIONS = 20;
// How long a listing is believed, in milliseconds.
const BELIEVED = 600_000;

export interface Sizes {
  /** In bytes. Undefined: there is no such object. */
  readonly of: (key: string) => Promise<number | undefined>;
  /** Forgets an object that changes. */
  readonly forget: (key: string) => void;
}

const UNKNOWN = -1;

const listed = async (s3: S3, prefix: string): Promise<NameTable> => {
  const table = nameTable();
  for await (const { key, size } of s3.list(prefix)) table.set(key, size, 0);
  return table;
};

export const sizesIn = (s3: S3, prefix: string): Sizes => {
  let questions = 0;
  let known: { readonly table: Promise<NameTable>; readonly since: number } | undefined;
  const ask = async (key: string) => (await s3.head(key))?.size;
  return {
    of: async (key) => {
      if (known !== undefined && Date.now() - known.since > BELIEVED) [known, questions] = [undefined, 0];
      if (known === undefined && questions++ < QUESTIONS) return ask(key);
      known ??= { table: listed(s3, prefix), since: Date.now() };
      const size = (await known.table).get(key)?.value ?? UNKNOWN;
      return size === UNKNOWN ? ask(key) : size;
    },
    forget: (key) => {
      known?.table.then((table) => table.set(key, UNKNOWN, 0)).catch(() => {});
    },
  };
};
