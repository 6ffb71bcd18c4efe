import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { bucketAt } from './bucket/bucket.js';
import { folder } from './folder/folder.js';
import { NOWHERE, nowhere } from './none.js';
import { isRemote } from './places.js';
import type { Store, StoreKind } from './store.js';

/**
 * Kinds of stores by the scheme of their places, such as s3 of `s3://bucket/results`. `folder` takes all other places.
 */
export const stores: Record<string, StoreKind> = { folder, s3: (place) => bucketAt(place) };

const kindOf = (place: string): StoreKind | undefined => {
  const [, scheme] = /^([a-z0-9]+):\/\//.exec(place) ?? [];
  return scheme !== undefined && Object.hasOwn(stores, scheme) ? stores[scheme] : undefined;
};

/** The store at a place. @param place an absolute path, `NOWHERE`, or the name of a kind, "://" and what that kind expects. */
export const openStore = (place: string): Store => (place === NOWHERE ? nowhere : (kindOf(place) ?? folder)(place));

/**
 * The place that a person names: a path from the current folder, or an address of one of the kinds.
 * @throws UsageError `usage` where it is an address of another kind.
 */
export const placeOf = (word: string): string => {
  if (!isRemote(word)) return resolve(word);
  const kind = kindOf(word);
  if (kind !== undefined && kind !== folder) return kind(word).place;
  // Not the whole address: it may hold a password.
  const [scheme] = word.split(':');
  throw new UsageError(
    'usage',
    `No results are kept at addresses of ${scheme}://; name a folder, or s3://bucket/results/.`,
  );
};
