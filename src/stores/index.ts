import { folder } from './folder/folder.js';
import { NOWHERE, nowhere } from './none.js';
import type { Store, StoreKind } from './store.js';

/**
 * Kinds of stores by the scheme of their places, such as s3 of `s3://bucket/results`. `folder` takes all other places.
 */
export const stores: Record<string, StoreKind> = { folder };

/** The store at a place. @param place an absolute path, `NOWHERE`, or the name of a kind, "://" and what that kind expects. */
export const openStore = (place: string): Store => {
  if (place === NOWHERE) return nowhere;
  const [, scheme] = /^([a-z0-9]+):\/\//.exec(place) ?? [];
  const kind = scheme !== undefined && Object.hasOwn(stores, scheme) ? stores[scheme] : folder;
  return kind(place);
};
