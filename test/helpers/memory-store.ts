import { Buffer } from 'node:buffer';
import { UsageError } from '../../src/errors.js';
import type { Store, StoreKind } from '../../src/stores/store.js';

const places = new Map<string, Map<string, Buffer>>();

const missing = (name: string): Error => Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' });

/** A store that is no folder: all of it lies in this process's memory, by its place. */
export const memory: StoreKind = (place): Store => {
  const files = places.get(place) ?? new Map<string, Buffer>();
  places.set(place, files);
  const bytesAt = (name: string): Buffer => {
    const bytes = files.get(name);
    if (bytes === undefined) throw missing(name);
    return bytes;
  };
  const store: Store = {
    place,
    lock: async () => new AbortController().signal,
    release: async () => {},
    create: async (name, content) => {
      const there = files.get(name);
      if (there !== undefined && !there.equals(Buffer.from(content as string))) {
        throw new UsageError('name-taken', `${place}/${name} is not this run's own.`);
      }
      files.set(name, Buffer.from(content as string));
    },
    put: async (name, content) => void files.set(name, Buffer.from(content as string)),
    putLines: async (name, lines) => {
      let text = '';
      for await (const line of lines) text += `${line}\n`;
      files.set(name, Buffer.from(text));
    },
    putPieces: async (name, pieces) => {
      const all: Buffer[] = [];
      for await (const piece of pieces) all.push(Buffer.from(piece as string));
      files.set(name, Buffer.concat(all));
    },
    append: async (name) => {
      files.set(name, files.get(name) ?? Buffer.alloc(0));
      return {
        append: async (line) => {
          files.set(name, Buffer.concat([bytesAt(name), Buffer.from(`${line}\n`)]));
        },
        close: async () => {},
      };
    },
    read: async function* (name, start = 0) {
      const bytes = bytesAt(name).subarray(start);
      // In pieces that end in the middle of lines.
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
    },
    readEnd: async (name, count) => bytesAt(name).subarray(-count),
    has: async (name) => [...files.keys()].some((key) => key === name || key.startsWith(`${name}/`)),
    sizeOf: async (name) => files.get(name)?.length,
    isFolder: async (name) => [...files.keys()].some((key) => key.startsWith(`${name}/`)),
    list: async (folder) => {
      const below = [...files.keys()].filter((key) => key.startsWith(`${folder}/`));
      return [...new Set(below.map((key) => key.slice(folder.length + 1).split('/')[0]))];
    },
    remove: async (name) => void files.delete(name),
    copyFrom: async (source, name, as = name) => {
      const pieces: Buffer[] = [];
      for await (const piece of source.read(name)) pieces.push(Buffer.from(piece));
      await store.create(as, Buffer.concat(pieces));
    },
    link: async (name) => {
      throw new UsageError('no-links', `${place} cannot have links such as ${name}.`);
    },
    pathOf: () => undefined,
  };
  return store;
};
