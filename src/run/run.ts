import { readFileSync } from 'node:fs';
import { isKnownError, PhotoError, reasonOf, systemCode, UsageError } from '../errors.js';
import { type Explainer, explainPhoto } from '../explain.js';
import { type Discovery, nameBelow } from './discover.js';
import { closeOutput, openOutput, writeWhole } from './files.js';
import { appendLine, finishedPhotos, hasFinished, isError, type ManifestLine, removeRun } from './manifest.js';
import { pictureName } from './names.js';
import { continuesRun, settingsOf, writeSettings } from './settings.js';

export interface RunPlan {
  readonly explainer: Explainer;
  /** In the order in which they are done. */
  readonly photos: Iterable<Discovery> | AsyncIterable<Discovery>;
  /** Absolute path of the photos' common folder. */
  readonly folder: string;
  /** Absolute path of the output folder. */
  readonly output: string;
  /** Do again what is done; and replace a run with other settings. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  /** Called when a photo's pictures and line are written. */
  readonly onLine: (line: ManifestLine, shown: string) => void;
}

export interface RunCounts {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Inputs that led to no photo at all. */
  readonly empty: number;
}

const readPhoto = (file: string): Uint8Array => {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') throw new PhotoError('missing', 'The file is gone.', error);
    throw new PhotoError('unreadable', `The file cannot be read (${reasonOf(error)}).`, error);
  }
};

const explainFile = async ({ explainer, output }: RunPlan, photo: string, file: string): Promise<ManifestLine> => {
  const start = performance.now();
  try {
    const { pictures, maps, ...rest } = await explainPhoto(explainer, readPhoto(file));
    const named = pictures.map((picture) => {
      const name = pictureName(photo, picture);
      writeWhole(output, name, picture.bytes);
      return { picture, name };
    });
    const filesOf = (index: number | undefined) =>
      named.filter(({ picture }) => picture.class === index).map(({ name }) => name);
    const lines = maps.map((map) => ({ ...map, files: filesOf(map.class) }));
    return {
      photo,
      ...rest,
      maps: lines,
      files: filesOf(undefined),
      milliseconds: Math.round(performance.now() - start),
    };
  } catch (error) {
    if (!isKnownError(error) || error instanceof UsageError) throw error;
    return { photo, error: { code: error.code, message: error.message } };
  }
};

/** An earlier run's finished photos in the output folder, after it has been made ready for this one. */
const openRun = async ({ explainer, folder, output, overwrite }: RunPlan): Promise<Set<string>> => {
  const settings = settingsOf(explainer, folder, output);
  if (overwrite) {
    openOutput(output);
    await removeRun(output);
  } else {
    // A run that explained nothing stands in nobody's way.
    if (await hasFinished(output)) continuesRun(output, settings);
    openOutput(output);
  }
  const finished = await finishedPhotos(output);
  writeSettings(output, settings);
  return finished;
};

/**
 * Explains photos one after the other into the output folder, beside what an earlier run finished there. A photo that
 * fails costs no other.
 * @throws UsageError where the output folder cannot be written or holds another run.
 */
export const runPhotos = async (plan: RunPlan): Promise<RunCounts> => {
  const { photos, folder, output, signal, onLine } = plan;
  const counts = { done: 0, failed: 0, skipped: 0, empty: 0 };
  const finished = await openRun(plan);
  // A photo that is given twice is done once.
  const seen = new Set<string>();
  try {
    for await (const { file, shown, problem } of photos) {
      if (signal.aborted) break;
      const photo = nameBelow(folder, file);
      if (seen.has(photo)) continue;
      seen.add(photo);
      if (finished.has(photo)) {
        counts.skipped++;
        continue;
      }
      const line: ManifestLine =
        problem === undefined ? await explainFile(plan, photo, file) : { photo, error: problem };
      if (problem?.code === 'no-photos') counts.empty++;
      if (isError(line)) counts.failed++;
      else counts.done++;
      appendLine(output, line);
      onLine(line, shown);
    }
  } finally {
    closeOutput(output);
  }
  return counts;
};
