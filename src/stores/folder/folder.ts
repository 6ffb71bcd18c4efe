import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOf } from '../paths.js';
import type { StoreKind } from '../store.js';
import { append } from './append.js';
import { copyFrom, writeLines, writeWhole } from './atomic.js';
import { lock, release } from './lock.js';

// Bytes read at a time. A million lines are about 2 GB.
const BLOCK = 2 ** 22;

async function* read(file: string | Buffer): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  try {
    const block = Buffer.alloc(BLOCK);
    for (let { bytesRead } = await handle.read(block); bytesRead > 0; { bytesRead } = await handle.read(block)) {
      yield block.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

const readEnd = async (file: string | Buffer, count: number): Promise<Uint8Array> => {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(Math.min(count, size)), { position: Math.max(0, size - count) });
    return buffer;
  } finally {
    await handle.close();
  }
};

/**
 * A folder on this machine, or on a disk that several machines share. Look-ups are synchronous: asynchronous ones take
 * ten times as long, and there may be a million names.
 */
export const folder: StoreKind = (output) => {
  const at = (name: string) => pathOf(join(output, name));
  return {
    place: output,
    lock: async () => lock(output),
    release: async () => release(output),
    put: (name, content) => writeWhole(output, name, content),
    putLines: (name, lines) => writeLines(output, name, lines),
    append: async (name) => append(output, name),
    read: (name) => read(at(name)),
    readEnd: (name, count) => readEnd(at(name), count),
    has: async (name) => existsSync(at(name)),
    list: async (name) => (statSync(at(name), { throwIfNoEntry: false })?.isDirectory() ? readdirSync(at(name)) : []),
    remove: async (name) => rmSync(at(name), { recursive: true, force: true }),
    copyFrom: (source, name) => copyFrom(output, source, name),
    pathOf: (name) => join(output, name),
  };
};
