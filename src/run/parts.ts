import { UsageError } from '../errors.js';
import { MANIFEST } from '../results/manifest.js';
import { differences, type RunSettings, readSettings } from '../results/settings.js';
import { openStore } from '../stores/index.js';
import { placeFrom, statedFrom } from '../stores/places.js';
import type { Store } from '../stores/store.js';

/** Settings as the target folder states them: `photos` is a path from there, and what is the run's own is absent. */
const asOf = (
  target: string,
  output: string,
  { shard: _, complete: __, packs: ___, ...settings }: RunSettings,
): RunSettings => ({
  ...settings,
  photos: statedFrom(target, placeFrom(output, settings.photos)),
});

/** A run to be merged. */
export interface Part {
  readonly store: Store;
  readonly settings: RunSettings;
}

/** @throws UsageError `no-run`. */
export const partOf = async (output: string): Promise<Part> => {
  const store = openStore(output);
  const settings = await readSettings(store);
  if (settings === undefined)
    throw new UsageError('no-run', `${output} holds no results of a run; name the --output of one.`);
  return { store, settings };
};

/** Whether the run reached its last photo, and its manifest is there: also a shard without photos has one. */
export const isComplete = async ({ store, settings }: Part): Promise<boolean> =>
  settings.complete === true && (await store.has(MANIFEST));

/** The settings that all runs share, as the target folder's own. @throws UsageError `other-run`. */
export const sharedSettings = ([first, ...others]: readonly Part[], target: string): RunSettings => {
  let shared = asOf(target, first.store.place, first.settings);
  for (const { store, settings } of others) {
    const differ = differences(shared, asOf(target, store.place, settings));
    if (differ.length > 0) {
      const message = `Only runs of one kind can be merged, and ${store.place} has other settings than ${first.store.place} (${differ.join('; ')}); name only those that belong together.`;
      throw new UsageError('other-run', message);
    }
    // Runs of earlier versions do not state their weights. The others must still agree.
    const { weights } = settings.model;
    if (weights !== undefined) shared = { ...shared, model: { ...shared.model, weights } };
  }
  return shared;
};

/** Shards without a run. */
export const missingShards = (parts: readonly Part[]): readonly string[] => {
  const shards = new Set(parts.flatMap(({ settings }) => settings.shard ?? []));
  const counts = new Set([...shards].map((shard) => Number(shard.split('/')[1])));
  return [...counts].flatMap((count) =>
    Array.from({ length: count }, (_, i) => `${i + 1}/${count}`).filter((shard) => !shards.has(shard)),
  );
};
