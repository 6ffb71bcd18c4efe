import { join } from 'node:path';
import type { ConvertOptions, Format, FoundPhoto, FoundRun } from '../../src/convert/format.js';
import { openRun } from '../../src/convert/run.js';
import { writeFiles } from '../../src/convert/write.js';
import type { PhotoLine } from '../../src/results/line.js';
import type { RunSettings } from '../../src/results/settings.js';
import { openStore } from '../../src/stores/index.js';
import { temporaryFolder } from './folders.js';
import { nothingAsked } from './found-run.js';
import { settingsFor } from './reports.js';

const never = new AbortController().signal;

/** Writes a run in a format. @returns the folder of its files. */
export const converted = async (
  run: FoundRun,
  format: Format,
  options: Partial<ConvertOptions> = {},
  overwrite = false,
  folder = join(temporaryFolder(), 'converted'),
): Promise<string> => {
  const store = openStore(folder);
  await store.lock();
  try {
    const files = format.convert(run, { ...nothingAsked, ...options }, () => {});
    await writeFiles(store, files, overwrite, never);
  } finally {
    await store.release();
  }
  return folder;
};

/** The run in a folder, with the usual boxes. */
export const runAt = async (output: string): Promise<FoundRun> => (await openRun(output, undefined, never)).run;

/** A run that no folder holds. */
export const runOfLines = (
  lines: () => Iterable<PhotoLine>,
  labels: readonly string[],
  settings: object = {},
): FoundRun => ({
  settings: { ...settingsFor(labels), ...settings } as RunSettings,
  folder: '/photos',
  photos: async function* () {
    for (const line of lines()) {
      const photo: FoundPhoto = { line, orientation: line.orientation ?? 1, findings: [] };
      yield photo;
    }
  },
});
