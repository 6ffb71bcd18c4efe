import { UsageError } from '../../errors.js';
import { openS3, type S3, sharedS3 } from '../../s3/client.js';
import { type Patience, patience } from '../../s3/patience.js';
import { parseS3, type S3Place, s3Word } from '../../s3/place.js';
import { upload } from '../../s3/upload.js';
import { readFrom } from '../read-from.js';
import type { Store } from '../store.js';
import { appendParts } from './append.js';
import { folderOf, grownAt, isGrown, readGrown, removeGrown, removeParts, wholeNotes } from './grown.js';
import { isInside, keyOf, nameOf, nameTaken, requireKey } from './keys.js';
import { type Held, holdMark, MARK } from './lock.js';
import { createObject, hasAny, readObject } from './objects.js';
import { type Sizes, sizesIn } from './sizes.js';

/** What the functions of a store work with. */
interface Opened {
  readonly s3: S3;
  /** Its key ends in a slash, or is empty. */
  readonly at: S3Place;
  readonly sizes: Sizes;
}

type Pieces = AsyncIterable<string | Uint8Array>;

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

const bufferOf = (content: Uint8Array | string): Buffer => Buffer.from(content as string);

const create = async ({ s3, at, sizes }: Opened, name: string, content: Uint8Array | string): Promise<void> => {
  const key = requireKey(at, name);
  if (!(await createObject(s3, key, bufferOf(content)))) throw nameTaken(at, name, "not this run's own");
  sizes.forget(key);
};

/** Writes a file of any size. One that grows stands for all its parts from then on. */
const putPieces = async ({ s3, at, sizes }: Opened, name: string, pieces: Pieces): Promise<void> => {
  const key = requireKey(at, name);
  if (isGrown(name)) {
    const before = await grownAt(s3, key);
    await upload(s3, key, pieces, wholeNotes(before));
    await removeParts(s3, key, before);
  } else await upload(s3, key, pieces);
  sizes.forget(key);
};

async function* one(content: Uint8Array | string): AsyncGenerator<string | Uint8Array> {
  yield content;
}

const sizeOf = async ({ s3, at, sizes }: Opened, name: string): Promise<number | undefined> => {
  if (!isInside(name)) return undefined;
  const key = at.key + keyOf(name);
  if (!isGrown(name)) return sizes.of(key);
  const { parts } = await grownAt(s3, key);
  return parts.length === 0 ? undefined : parts.reduce((sum, { size }) => sum + size, 0);
};

async function* read({ s3, at }: Opened, name: string, start?: number): AsyncGenerator<Uint8Array> {
  const key = at.key + keyOf(name);
  yield* isGrown(name) ? readGrown(s3, key, start) : readObject(s3, key, start);
}

const readEnd = async (opened: Opened, name: string, count: number): Promise<Uint8Array> => {
  const start = Math.max(0, ((await sizeOf(opened, name)) ?? 0) - count);
  const pieces: Uint8Array[] = [];
  for await (const piece of read(opened, name, start)) pieces.push(piece);
  return Buffer.concat(pieces);
};

const isFolder = async ({ s3, at }: Opened, name: string): Promise<boolean> =>
  isInside(name) && hasAny(s3, `${at.key}${keyOf(name)}/`);

/** By one request where nothing of the name is there, as at the start of most runs. */
const has = async ({ s3, at }: Opened, name: string): Promise<boolean> => {
  if (!isInside(name)) return false;
  const key = at.key + keyOf(name);
  const beginning = isGrown(name) ? folderOf(key).slice(0, -1) : key;
  let hasParts = false;
  for await (const { key: found } of s3.listFolder(beginning)) {
    if (found === key || found === `${key}/`) return true;
    if (isGrown(name) && found === folderOf(key)) hasParts = true;
  }
  return hasParts && (await grownAt(s3, key)).parts.length > 0;
};

const list = async ({ s3, at }: Opened, folder: string): Promise<readonly string[]> => {
  const prefix = `${at.key}${keyOf(folder)}/`;
  const names: string[] = [];
  for await (const { key } of s3.listFolder(prefix)) names.push(nameOf(key.slice(prefix.length).replace(/\/$/, '')));
  // A console makes an object of a folder's own name, with its slash.
  return names.filter((name) => name !== '');
};

const remove = async ({ s3, at, sizes }: Opened, name: string): Promise<void> => {
  if (!isInside(name)) return;
  const key = at.key + keyOf(name);
  await (isGrown(name) ? removeGrown(s3, key) : s3.remove(key));
  sizes.forget(key);
};

const copyFrom = async (opened: Opened, source: Store, name: string, as = name): Promise<void> => {
  const pieces: Buffer[] = [];
  for await (const piece of readFrom(source, name)) pieces.push(Buffer.from(piece));
  await create(opened, as, Buffer.concat(pieces));
};

/** A store at a place in a bucket. @param word s3://bucket/prefix. @param waits how long a failing bucket is waited for. */
export const bucketAt = (word: string, waits: Patience = patience): Store => {
  const { bucket, key } = parseS3(word);
  const prefix = key.replace(/\/+$/, '');
  const place = s3Word({ bucket, key: prefix }).replace(/\/$/, '');
  const at = { bucket, key: prefix === '' ? '' : `${prefix}/` };
  let opening: Promise<Opened> | undefined;
  const opened = (): Promise<Opened> => {
    opening ??= (waits === patience ? sharedS3(bucket) : openS3(bucket, waits)).then((s3) => ({
      s3,
      at,
      sizes: sizesIn(s3, at.key),
    }));
    return opening;
  };
  let held: Held | undefined;
  // Not before each object, which would take as long as to write it.
  const requireOwn = (): Promise<Opened> => {
    held?.lost.throwIfAborted();
    return opened();
  };
  return {
    place,
    lock: async () => {
      held = await holdMark((await opened()).s3, at.key + MARK, place);
      return held.lost;
    },
    release: async () => {
      const ending = held;
      held = undefined;
      await ending?.release();
    },
    create: async (name, content) => create(await requireOwn(), name, content),
    put: async (name, content) => putPieces(await requireOwn(), name, one(content)),
    putLines: async (name, lines) => putPieces(await requireOwn(), name, ended(lines)),
    putPieces: async (name, pieces) => putPieces(await requireOwn(), name, pieces),
    append: async (name) => {
      const { s3 } = await requireOwn();
      if (!isGrown(name)) throw new Error(`${name} cannot grow: it ends in .jsonl, without a slash`);
      const requireHeld = async () => held?.require();
      return appendParts({ s3, place, requireHeld, settled: async () => {} }, requireKey(at, name));
    },
    read: async function* (name, start) {
      yield* read(await opened(), name, start);
    },
    readEnd: async (name, count) => readEnd(await opened(), name, count),
    has: async (name) => has(await opened(), name),
    sizeOf: async (name) => sizeOf(await opened(), name),
    isFolder: async (name) => isFolder(await opened(), name),
    list: async (name) => list(await opened(), name),
    remove: async (name) => remove(await requireOwn(), name),
    copyFrom: async (source, name, as) => copyFrom(await requireOwn(), source, name, as),
    link: async (name) => {
      throw new UsageError('no-links', `${place} is in a bucket, which has no links such as ${name}; choose a folder.`);
    },
    pathOf: () => undefined,
  };
};
