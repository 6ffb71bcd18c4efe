import { UsageError } from '../errors.js';
import type { Store } from './store.js';

/** The place of the store that keeps nothing. */
export const NOWHERE = 'none://';

const missing = (name: string): Error => Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' });

/**
 * Keeps nothing and has nothing: a run into it is its lines on standard output alone. What is kept for good elsewhere, a lock and
 * a manifest's lines, is taken here without a word; a picture or any other file is refused, since it would be lost.
 */
export const nowhere: Store = {
  place: NOWHERE,
  lock: async () => new AbortController().signal,
  release: async () => {},
  create: async (name) => {
    throw new UsageError('output-unwritable', `There is no output folder for ${name}.`);
  },
  put: async () => {},
  putLines: async () => {},
  putPieces: async () => {},
  append: async () => ({ append: async () => {}, close: async () => {} }),
  read: (name) => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(missing(name)) }) }),
  readEnd: (name) => Promise.reject(missing(name)),
  has: async () => false,
  sizeOf: async () => undefined,
  isFolder: async () => false,
  list: async () => [],
  remove: async () => {},
  copyFrom: async () => {},
  link: async () => {},
  pathOf: () => undefined,
};
