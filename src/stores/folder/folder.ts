import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../errors.js';
import { pathOf } from '../paths.js';
import type { StoreKind } from '../store.js';
import { append } from './append.js';
import {
  contentWriter,
  lineWriter,
  type Placing,
  pieceWriter,
  placeNew,
  placeOver,
  type Writing,
  writeAside,
} from './atomic.js';
import { copyFrom } from './copy.js';
import { extend } from './extend.js';
import { entryAt, type Inside, insideOf } from './inside.js';
import { linkTo } from './link.js';
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
  const put = async (name: string, write: Writing, place: Placing): Promise<void> => {
    requireHeld(output);
    await writeAside(output, name, inside, write, place);
  };
  return {
    place: output,
    lock: async () => lock(output),
    release: async () => release(output),
    create: (name, content) => put(name, contentWriter(content), placeNew),
    put: (name, content) => put(name, contentWriter(content), placeOver),
    putLines: (name, lines) => put(name, lineWriter(lines), placeOver),
    putPieces: (name, pieces) => put(name, pieceWriter(pieces), placeOver),
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
    copyFrom: async (source, name, as = name) => {
      requireHeld(output);
      await copyFrom(output, inside, source, { name, as });
    },
    link: async (name, path) => {
      requireHeld(output);
      await linkTo(output, inside, name, path);
    },
    extend: async (name, size) => extend(output, inside, name, size),
    pathOf: (name) => join(output, name),
  };
};
