import { readFrom } from '../../stores/read-from.js';
import type { Store } from '../../stores/store.js';
import { isTarName, numberOf, PICTURES, tableName } from './names.js';
import { type PackedRun, removeTar, rewrite } from './rewrite.js';
import { isOwnTable, writeTable } from './table.js';
import { END, HEAD, isMarked } from './tar-entry.js';
import { takerOf } from './tar-stream.js';
import { isDense, isWhole, placesIn, type Use, usedBy } from './uses.js';

/**
 * Makes the tars of a run hold just what its manifest names. A tar that is ended is never changed: one that has more is written
 * anew under another name, then the manifest names that one, then the old one is removed. So killed at any moment, a run
 * leaves lines whose pictures are there, and tars that the next run puts right.
 */

// Tars whose places are in memory at once, a megabyte each; the manifest is gone through once more for so many.
const REWRITTEN_AT_ONCE = 64;

interface Survey {
  readonly uses: ReadonlyMap<string, Use>;
  /** A number after those of all tars that lines name. */
  readonly next: number;
}

// No run comes so far. Somebody may have called a file so, and numbers must not end with it.
const FARTHEST = 1e8;

/** The next number, or one after that of a tar or table. */
const after = (next: number, name: string): number => {
  const number = numberOf(name) ?? FARTHEST;
  return number < FARTHEST ? Math.max(next, number + 1) : next;
};

/** @param onKey called with the key of each line. */
const survey = async (store: Store, signal: AbortSignal, onKey: (key: string) => void): Promise<Survey> => {
  const uses = new Map<string, Use>();
  const sizes = new Map<string, number>();
  let next = 0;
  for await (const { place } of placesIn(store, signal)) {
    const { tar, key, at, size } = place;
    onKey(key);
    next = after(next, tar);
    if (!sizes.has(tar)) sizes.set(tar, (await store.sizeOf(tar)) ?? 0);
    // Cut off, or gone: its photo is done again where it is listed.
    if (at + size > (sizes.get(tar) ?? 0)) continue;
    uses.set(tar, usedBy(uses.get(tar), place));
  }
  return { uses, next };
};

/** Paths of all that is called like a tar or table. */
const namesIn = async (store: Store): Promise<readonly string[]> =>
  (await store.list(PICTURES)).map((name) => `${PICTURES}/${name}`).filter((name) => numberOf(name) !== undefined);

/** Whether a tar is one of the run's own. Whatever else is called so is somebody's, and stays. */
const isOwn = async (store: Store, tar: string, ids: readonly string[]): Promise<boolean> => {
  if ((await store.sizeOf(tar)) === undefined) return false;
  const taker = takerOf(readFrom(store, tar));
  const head = await taker.take(HEAD);
  await taker.end();
  return isMarked(head, ids);
};

/** Removes tables whose tars are gone. */
const removeLoneTables = async (store: Store, names: readonly string[], ids: readonly string[]): Promise<void> => {
  const tables = new Set(names.filter(isTarName).map(tableName));
  for (const name of names.filter((name) => !isTarName(name) && !tables.has(name))) {
    if (await isOwnTable(store, name, ids)) await store.remove(name);
  }
};

/** Removes all tars of a run, with their tables. @param ids of its marks. */
export const removeTars = async (store: Store, ids: readonly string[]): Promise<void> => {
  const names = await namesIn(store);
  await removeLoneTables(store, names, ids);
  for (const tar of names.filter(isTarName)) if (await isOwn(store, tar, ids)) await removeTar(store, tar);
  await store.remove(PICTURES);
};

/** Ends a tar that a run left open. @returns false where it must be written anew. */
const endTar = async (store: Store, tar: string, use: Use): Promise<boolean> => {
  if (!isDense(use)) return false;
  // As many bytes may be the beginning of a member.
  if ((await isWhole(store, tar, use)) && END.equals(await store.readEnd(tar, END.length))) return true;
  if (await store.has(tableName(tar))) return false;
  const file = await store.extend?.(tar, use.end);
  if (file === undefined) return false;
  try {
    file.write(END);
  } finally {
    file.close();
  }
  return true;
};

/**
 * Ends tars that were left open, removes those that no line names, and takes from the others what no line names.
 * @param onKey called with the key of each packed photo.
 * @returns a number from which on no tar and no table is called.
 */
export const mendTars = async (
  run: PackedRun,
  signal: AbortSignal,
  onKey: (key: string) => void = () => {},
): Promise<number> => {
  const { store, settings, ids } = run;
  const { uses, next } = await survey(store, signal, onKey);
  const names = await namesIn(store);
  const first = names.reduce(after, next);
  if (signal.aborted) return first;
  await removeLoneTables(store, names, ids);
  const unsound: string[] = [];
  for (const tar of names.filter(isTarName)) {
    const use = uses.get(tar);
    const isEnded = use !== undefined && (await isWhole(store, tar, use));
    const hasTable = await store.has(tableName(tar));
    if ((isEnded && hasTable) || !(await isOwn(store, tar, ids))) continue;
    if (use === undefined) await removeTar(store, tar);
    else if (!(await endTar(store, tar, use))) unsound.push(tar);
    else if (!hasTable) await writeTable(store, tar, settings);
  }
  for (let i = 0; i < unsound.length && !signal.aborted; i += REWRITTEN_AT_ONCE) {
    await rewrite(run, unsound.slice(i, i + REWRITTEN_AT_ONCE), first + i);
  }
  return first + unsound.length;
};
