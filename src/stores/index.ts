import { folder } from './folder/folder.js';
import type { Store, StoreKind } from './store.js';

/** Kinds of stores by the scheme of their places, as in `s3://bucket/results`; `folder` has every other place. */
export const stores: Record<string, StoreKind> = { folder };

/** The store at a place. @param place an absolute path, or what begins with the name of a kind and "://". */
export const openStore = (place: string): Store => {
  const [, scheme] = /^([a-z0-9]+):\/\//.exec(place) ?? [];
  const kind = scheme !== undefined && Object.hasOwn(stores, scheme) ? stores[scheme] : folder;
  return kind(place);
};
