import { linkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOf } from '../paths.js';
import { readFrom } from '../read-from.js';
import { isSameFile } from '../same-file.js';
import type { Store } from '../store.js';
import { placeNew, writeAside } from './atomic.js';
import type { Inside } from './inside.js';

const copy = async (source: Store, name: string, temporary: string): Promise<void> => {
  const file = await open(temporary, 'wx');
  try {
    for await (const piece of readFrom(source, name)) await file.writeFile(piece);
  } finally {
    await file.close();
  }
};

/** Whether the file could be linked. Not where the file system has no links, or the two lie on different ones. */
const isLinked = (from: string, temporary: string): boolean => {
  try {
    linkSync(pathOf(from), temporary);
    return true;
  } catch {
    return false;
  }
};

/** Links another store's file where both are folders on one disk, else copies it. */
export const copyFrom = async (
  output: string,
  inside: Inside,
  source: Store,
  { name, as }: { readonly name: string; readonly as: string },
): Promise<void> => {
  const from = (await source.sizeOf(name)) === undefined ? undefined : source.pathOf(name);
  // An interrupted merge may have linked the file already.
  if (from !== undefined && isSameFile(from, join(output, as))) return;
  const write = async (temporary: string) => {
    if (from === undefined || !isLinked(from, temporary)) await copy(source, name, temporary);
  };
  await writeAside(output, as, inside, write, placeNew);
};
