import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../errors.js';
import { pathOf } from '../paths.js';
import type { StoreKind } from '../store.js';
import { append } from './append.js';
import { contentWriter, lineWriter, placeNew, placeOver, writeAside } from './atomic.js';
import { copyFrom } from './copy.js';
import { entryAt, type Inside, insideOf } from './inside.js';
import { lock, release, requireHeld } from './lock.js';
import { read, readEnd } from './read.js';

const isFolder = (output: string, name: string, inside: Inside): boolean =>
  inside.holds(name) && entryAt(join(output, name))?.isDirectory() === true;

const list = (output: string, name: string, inside: Inside): readonly string[] =>
  isFolder(output, name, inside) ? readdirSync(pathOf(join(output, name))) : [];

const remove = (output: string, name: string, inside: Inside): void => {
  const path = pathOf(join(output, name));
  if (inside.fileAt(name) !== undefined) {
    unlinkSync(path);
    return;
  }
  if (!isFolder(output, name, inside)) return;
  try {
    rmdirSync(path);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
  }
};

/**
 * A folder on this machine, or on a disk that several machines share. Look-ups are synchronous: asynchronous ones take
 * ten times as long, and there may be a million names.
 */
export const folder: StoreKind = (output) => {
  const inside = insideOf(output);
  const write: typeof writeAside = async (...of) => {
    requireHeld(output);
    return writeAside(...of);
  };
  return {
    place: output,
    lock: async () => lock(output),
    release: async () => release(output),
    create: (name, content) => write(output, name, inside, contentWriter(content), placeNew),
    put: (name, content) => write(output, name, inside, contentWriter(content), placeOver),
    putLines: (name, lines) => write(output, name, inside, lineWriter(lines), placeOver),
    append: async (name) => append(output, name),
    read: (name, start) => read(output, name, start),
    readEnd: (name, count) => readEnd(output, name, count),
    has: async (name) => entryAt(join(output, name)) !== undefined,
    sizeOf: async (name) => inside.fileAt(name)?.size,
    isFolder: async (name) => isFolder(output, name, inside),
    list: async (name) => list(output, name, inside),
    remove: async (name) => {
      requireHeld(output);
      remove(output, name, inside);
    },
    copyFrom: async (source, name) => {
      requireHeld(output);
      await copyFrom(output, inside, source, name);
    },
    pathOf: (name) => join(output, name),
  };
};
