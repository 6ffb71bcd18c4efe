import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOf } from '../paths.js';
import { PLAIN } from './inside.js';

// Bytes read at a time. A million lines are about 2 GB.
const BLOCK = 2 ** 22;

const notPlain = (name: string, found: string): Error =>
  Object.assign(new Error(`${name} is ${found}, and no regular file`), { code: 'EINVAL' });

/** Opens a regular file, and nothing else: a pipe would be waited for, a link may lead anywhere. @throws as `Store.read`. */
const openPlain = async (output: string, name: string): Promise<FileHandle> => {
  const handle = await open(pathOf(join(output, name)), constants.O_RDONLY | PLAIN).catch((error) => {
    throw error.code === 'ELOOP' ? notPlain(name, 'a link') : error;
  });
  const stats = await handle.stat();
  if (stats.isFile()) return handle;
  await handle.close();
  throw notPlain(name, stats.isDirectory() ? 'a folder' : 'a pipe or a device');
};

/** @see Store.read */
export async function* read(output: string, name: string, start = 0): AsyncGenerator<Uint8Array> {
  const handle = await openPlain(output, name);
  try {
    const block = Buffer.alloc(BLOCK);
    for (let at = start; ; ) {
      const { bytesRead } = await handle.read(block, 0, BLOCK, at);
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** @see Store.readEnd */
export const readEnd = async (output: string, name: string, count: number): Promise<Uint8Array> => {
  const handle = await openPlain(output, name);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(Math.min(count, size)), { position: Math.max(0, size - count) });
    return buffer;
  } finally {
    await handle.close();
  }
};
