import { UsageError } from '../../errors.js';
import type { S3 } from '../../s3/client.js';
import type { Appender } from '../store.js';
import { grownAt, partKey } from './grown.js';
import { createObject } from './objects.js';

/** When a part is written: after this many lines, milliseconds or bytes. */
const [LINES, EVERY, BYTES] = [1000, 30_000, 2 ** 25];

/** What the parts need of the store. */
export interface Writing {
  readonly s3: S3;
  /** As the person reads it. */
  readonly place: string;
  /** Resolves when all files are written that lines so far may name. */
  readonly settled: () => Promise<void>;
  /** @throws UsageError where another run has taken the store over. */
  readonly requireHeld: () => Promise<void>;
}

/** Lines that are not written yet. */
interface Gathered {
  lines: string[];
  bytes: number;
}

const inUse = (place: string): UsageError =>
  new UsageError('output-in-use', `Another run writes to ${place}; this one ends. Run it again once no other does.`);

const newPartWriter = async ({ s3, place, settled, requireHeld }: Writing, key: string) => {
  const grown = await grownAt(s3, key);
  let { last } = grown;
  let isThere = grown.parts.length > 0;
  return async (lines: readonly string[]): Promise<void> => {
    // A file without lines is a file, as that of a shard without photos: one empty part.
    if (lines.length === 0 && isThere) return;
    await settled();
    await requireHeld();
    const content = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    if (!(await createObject(s3, partKey(key, last + 1), content))) throw inUse(place);
    last++;
    isThere = true;
  };
};

/** Opens a file to add lines, in parts. Parts are written one after the other, while further lines are gathered. */
export const appendParts = async (writing: Writing, key: string): Promise<Appender> => {
  const write = await newPartWriter(writing, key);
  const gathered: Gathered = { lines: [], bytes: 0 };
  let failed: { readonly error: unknown } | undefined;
  let under: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { lines } = gathered;
    [gathered.lines, gathered.bytes] = [[], 0];
    under = under
      .then(() => (failed === undefined ? write(lines) : undefined))
      .catch((error: unknown) => {
        failed ??= { error };
      });
  };
  const orFail = (): void => {
    if (failed !== undefined) throw failed.error;
  };
  return {
    append: async (line) => {
      orFail();
      gathered.lines.push(line);
      gathered.bytes += line.length;
      timer ??= setTimeout(flush, EVERY);
      if (gathered.lines.length < LINES && gathered.bytes < BYTES) return;
      flush();
      // A part is written in much less time than it takes to gather one; where it is not, lines wait for it.
      await under;
      orFail();
    },
    close: async () => {
      flush();
      await under;
      orFail();
    },
  };
};
