import type { S3 } from '../../s3/client.js';
import type { S3Entry } from '../../s3/list.js';
import { readObject } from './objects.js';

/**
 * A file that grows, such as manifest.jsonl, in a bucket, where nothing can be added to an object. It begins with an object of
 * its own name, if that is there, and goes on with parts: manifest/000001.jsonl and so on. To write it anew, an object of its
 * own name is put that notes the number of the last part before: those up to there no longer count, and are removed.
 */

/** Whether a file may have parts. */
export const isGrown = (name: string): boolean => /^[^/]+\.jsonl$/.test(name);

// The note with the number of the last part that the first object stands for.
const THROUGH = 'gapcam-through';

interface Part {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  readonly number: number;
}

export interface Grown {
  /** What counts, in order. Empty: there is no such file. */
  readonly parts: readonly Part[];
  /** Parts that are written anew in the first object, left by a run that was killed as it removed them. */
  readonly stale: readonly Part[];
  /** Number of the last part so far. 0: none. */
  readonly last: number;
}

/** Where a file's parts lie, with a slash at the end. */
export const folderOf = (key: string): string => `${key.slice(0, -'.jsonl'.length)}/`;

/** The key of a part. @param key of the file itself. */
export const partKey = (key: string, number: number): string =>
  `${folderOf(key)}${String(number).padStart(6, '0')}.jsonl`;

const partOf = (folder: string, { key, size }: S3Entry): Part | undefined => {
  const [, digits] = /^(\d{6,})\.jsonl$/.exec(key.slice(folder.length)) ?? [];
  return digits === undefined ? undefined : { key, size, number: Number(digits) };
};

/** Finds the parts of a file. Those written meanwhile may be missing. @param key of the file itself. */
export const grownAt = async (s3: S3, key: string): Promise<Grown> => {
  const folder = folderOf(key);
  const found: Part[] = [];
  for await (const entry of s3.listFolder(folder)) {
    const part = partOf(folder, entry);
    if (part !== undefined) found.push(part);
  }
  found.sort((a, b) => a.number - b.number);
  // After the listing: what is written anew meanwhile stands for all parts listed.
  const whole = await s3.head(key);
  const through = Number(whole?.notes[THROUGH] ?? 0);
  const parts = found.filter(({ number }) => number > through);
  return {
    parts: whole === undefined ? parts : [{ key, size: whole.size, number: 0 }, ...parts],
    stale: found.filter(({ number }) => number <= through),
    last: Math.max(through, found.at(-1)?.number ?? 0),
  };
};

/** The bytes of all parts, one after the other. @throws Error `ENOENT`. */
export async function* readGrown(s3: S3, key: string, start = 0): AsyncGenerator<Uint8Array> {
  const { parts } = await grownAt(s3, key);
  // It says that there is none.
  if (parts.length === 0) yield* readObject(s3, key, start);
  let before = 0;
  for (const { key: part, size } of parts) {
    const from = Math.max(0, start - before);
    before += size;
    if (from < size) yield* readObject(s3, part, from);
  }
}

/** What is noted with the object that stands for all parts so far. */
export const wholeNotes = ({ last }: Grown): Readonly<Record<string, string>> => ({ [THROUGH]: String(last) });

/** Removes the parts, once an object stands for them. */
export const removeParts = async (s3: S3, key: string, { parts, stale }: Grown): Promise<void> => {
  for (const part of [...stale, ...parts]) if (part.key !== key) await s3.remove(part.key);
};

/** Removes the file: the parts first, since without the object those that it stands for would count again. */
export const removeGrown = async (s3: S3, key: string): Promise<void> => {
  await removeParts(s3, key, await grownAt(s3, key));
  await s3.remove(key);
};
