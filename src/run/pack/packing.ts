import { randomBytes } from 'node:crypto';
import { type RunSettings, readSettings } from '../../results/settings.js';
import type { Appender, Store } from '../../stores/store.js';
import { growingTars } from './growing-tars.js';
import { type Keys, newKeys } from './keys.js';
import { mendTars } from './mend.js';
import type { PackPlan, Recording } from './recording.js';
import { markOf } from './tar-entry.js';
import { wholeTars } from './whole-tars.js';

/** A run whose pictures go into tars. */
export interface Packing {
  readonly keys: Keys;
  /** Gives numbers of tars that are free. */
  readonly next: () => number;
  readonly recording: (manifest: Appender, limits?: PackPlan['limits']) => Recording;
  /** Takes from the tars what no line names any more. */
  readonly mend: () => Promise<void>;
}

/** The marks of a run's tars: those of the run in the store, whose leftovers are known by them, or a new one. */
export const marksFor = async (store: Store): Promise<readonly string[]> =>
  (await readSettings(store))?.packs ?? [randomBytes(8).toString('hex')];

/**
 * Opens the tars of a store, which is locked, and mends what a run left that was killed.
 * @param settings with `packs`.
 */
export const openPacking = async (store: Store, settings: RunSettings, signal: AbortSignal): Promise<Packing> => {
  const ids = settings.packs ?? [];
  const mark = markOf(ids[0] ?? '');
  const keys = newKeys();
  const run = { store, settings, mark, ids };
  let number = await mendTars(run, signal, keys.take);
  const next = () => number++;
  return {
    keys,
    next,
    recording: (manifest, limits) => {
      const plan: PackPlan = { store, manifest, settings, mark, next, limits };
      return store.extend === undefined ? wholeTars(plan) : growingTars(plan, store.extend);
    },
    mend: async () => void (await mendTars(run, signal)),
  };
};
