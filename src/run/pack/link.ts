import type { ScannedLine } from '../../results/scan.js';
import { readFrom } from '../../stores/read-from.js';
import type { Store } from '../../stores/store.js';
import type { Keys } from './keys.js';
import { tableName, tarName } from './names.js';
import { isWhole, placesIn, type Use, usedBy } from './uses.js';

/** Takes tars of one run over into another as they are, where all that they hold is wanted. */

interface WantedUse extends Use {
  /** Whether every line that names it is taken, under a key that is free. */
  readonly isWanted: boolean;
}

const copy = async (target: Store, source: Store, from: string, to: string): Promise<void> => {
  // A tar may be too large for the memory, in which other stores hold what they copy.
  if (target.extend === undefined) await target.putPieces(to, readFrom(source, from));
  else await target.copyFrom(source, from, to);
};

/**
 * Links or copies all tars of a run, with their tables, of which every photo is taken, and takes their keys.
 * @param isTaken whether a line of the run is taken.
 * @param next gives numbers of tars that are free in the target.
 * @returns the tars' new names, by their old ones.
 */
export const takeWhole = async (
  target: Store,
  source: Store,
  {
    keys,
    isTaken,
    next,
  }: { readonly keys: Keys; readonly isTaken: (found: ScannedLine) => boolean; readonly next: () => number },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const uses = new Map<string, WantedUse>();
  for await (const { found, place } of placesIn(source, signal)) {
    const { tar, key } = place;
    const use = uses.get(tar);
    const isWanted = use?.isWanted !== false && isTaken(found) && !keys.has(key);
    uses.set(tar, { ...usedBy(use, place), isWanted });
  }
  const names = new Map<string, string>();
  for (const [tar, use] of uses) {
    if (signal.aborted || !use.isWanted) continue;
    if (!(await isWhole(source, tar, use)) || !(await source.has(tableName(tar)))) continue;
    const name = tarName(next());
    await copy(target, source, tar, name);
    await copy(target, source, tableName(tar), tableName(name));
    names.set(tar, name);
  }
  for await (const { place } of placesIn(source, signal)) if (names.has(place.tar)) keys.take(place.key);
  return names;
};
