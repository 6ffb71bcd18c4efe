import { join, relative, resolve, sep } from 'node:path';

/** Places of results and of photos: absolute paths, or addresses such as s3://bucket/results. */

/** Whether a place is no folder of this machine. */
export const isRemote = (place: string): boolean => /^[a-z][a-z0-9]*:\/\//.test(place);

/** What lies below a place, written as the place is. */
export const below = (place: string, name: string): string =>
  isRemote(place) ? `${place.replace(/\/+$/, '')}/${name}` : join(place, name);

/** How a place's settings state another, such as the folder of photos: as a path from there, between folders. */
export const statedFrom = (place: string, other: string): string =>
  isRemote(place) || isRemote(other) ? other : relative(place, other).split(sep).join('/') || '.';

/** The place that `statedFrom` states. */
export const placeFrom = (place: string, stated: string): string =>
  isRemote(place) || isRemote(stated) ? stated : resolve(place, stated);
