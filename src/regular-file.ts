import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * Reading files that anybody may have put there. Only regular files are read, also through links: a pipe is waited for
 * without end, and a device has no end.
 */

/** A path leads to no regular file, or to one that is too large. The message completes "it cannot be read: ...". */
export class UnfitFile extends Error {
  constructor(
    readonly code: 'not-a-file' | 'too-large',
    message: string,
  ) {
    super(message);
  }
}

// Without O_NONBLOCK, opening a pipe waits until another process writes to it.
const AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

// Bytes read at a time. A system reads no more than 2 GiB.
const BLOCK = 2 ** 26;

const sizeWords = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${Math.round(bytes / 2 ** 30)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;

const check = (stats: Stats, most: number): void => {
  if (!stats.isFile()) {
    throw new UnfitFile('not-a-file', `it is ${stats.isDirectory() ? 'a folder' : 'a pipe or a device'}, not a file`);
  }
  if (stats.size > most) throw new UnfitFile('too-large', `it is larger than ${sizeWords(most)}`);
};

/** Bytes as they are read, one more than the file says: the file may have grown, or not know its size. */
const gathering = ({ size }: Stats, most: number) => {
  let bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  return {
    /** Where the next bytes go. */
    space: (): Uint8Array => bytes.subarray(length, length + BLOCK),
    add: (read: number): void => {
      length += read;
      if (length > most) throw new UnfitFile('too-large', `it is larger than ${sizeWords(most)}`);
      if (length < bytes.length) return;
      const larger = Buffer.allocUnsafe(Math.min(2 * length, most) + 1);
      larger.set(bytes);
      bytes = larger;
    },
    whole: (): Buffer => bytes.subarray(0, length),
  };
};

/**
 * Opens a regular file for reading.
 * @returns its descriptor, which the caller closes.
 * @throws UnfitFile, or the system's error.
 */
export const openRegularSync = (path: string | Buffer, most = Number.POSITIVE_INFINITY): number => {
  const descriptor = openSync(path, AT_ONCE);
  try {
    check(fstatSync(descriptor), most);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
};

/**
 * The bytes of a regular file.
 * @param most bytes that it may have.
 * @throws UnfitFile, or the system's error.
 */
export const readRegularSync = (path: string | Buffer, most: number): Buffer => {
  const descriptor = openRegularSync(path, most);
  try {
    const gathered = gathering(fstatSync(descriptor), most);
    for (let read = -1; read !== 0; ) {
      read = readSync(descriptor, gathered.space());
      gathered.add(read);
    }
    return gathered.whole();
  } finally {
    closeSync(descriptor);
  }
};

/** The bytes of a file, and what the system said of it before they were read. */
export interface RegularFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

const readOpen = async (handle: FileHandle, most: number): Promise<RegularFile> => {
  const stats = await handle.stat();
  check(stats, most);
  const gathered = gathering(stats, most);
  for (let read = -1; read !== 0; ) {
    ({ bytesRead: read } = await handle.read(gathered.space()));
    gathered.add(read);
  }
  return { bytes: gathered.whole(), stats };
};

/** Opens a regular file for reading. The caller closes it. @throws UnfitFile, or the system's error. */
export const openRegular = async (path: string | Buffer): Promise<FileHandle> => {
  const handle = await open(path, AT_ONCE);
  try {
    check(await handle.stat(), Number.POSITIVE_INFINITY);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
};

/** As `readRegularSync`, while the process does other work. */
export const readRegular = async (path: string | Buffer, most: number): Promise<RegularFile> => {
  const handle = await open(path, AT_ONCE);
  try {
    return await readOpen(handle, most);
  } finally {
    await handle.close();
  }
};

/**
 * A part of a regular file's bytes. Fewer where the file ends before.
 * @param start in bytes. @param length in bytes.
 * @throws UnfitFile, or the system's error.
 */
export const readRegularPart = async (path: string | Buffer, start: number, length: number): Promise<RegularFile> => {
  const handle = await open(path, AT_ONCE);
  try {
    const stats = await handle.stat();
    check(stats, Number.POSITIVE_INFINITY);
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, stats.size - start)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, Math.min(BLOCK, bytes.length - filled), start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { bytes: bytes.subarray(0, filled), stats };
  } finally {
    await handle.close();
  }
};

/** The same of a small part, at once: to wait for other threads takes ten times as long. */
export const readRegularPartSync = (path: string | Buffer, start: number, length: number): Buffer => {
  const descriptor = openRegularSync(path);
  try {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, fstatSync(descriptor).size - start)));
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, start));
  } finally {
    closeSync(descriptor);
  }
};
