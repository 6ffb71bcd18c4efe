import { basename } from 'node:path';
import { UsageError } from '../errors.js';
import { havePlaces } from '../maps/feature-map.js';
import { isError, isUnread, type PhotoLine, parse, UNREAD_FORMAT } from '../results/line.js';
import { MANIFEST, scanLine, storedLines, wholeLines } from '../results/manifest.js';
import { requireFiles } from '../results/own.js';
import { scan } from '../results/scan.js';
import { type RunSettings, readSettings, SETTINGS } from '../results/settings.js';
import { isSoundLine } from '../results/sound.js';
import { openStore } from '../stores/index.js';
import { placeFrom } from '../stores/places.js';
import type { Store } from '../stores/store.js';
import {
  type FolderReader,
  folderOf,
  folderReader,
  type NamedClasses,
  needsAllFolders,
} from '../truth/folders/folder-classes.js';
import { encodeCells } from './cells.js';
import { changedReader } from './changed.js';
import type { JudgedEntry, MapsFile, PhotosFile, ReportRun } from './data.js';
import { type ListFiles, listFiles, writeData } from './data-files.js';
import { curvesOf, entryOf } from './entries.js';
import { evaluationFiles } from './evaluation.js';
import { evaluationData } from './evaluation-data.js';
import { reportHtml } from './html.js';
import { type MeanMaps, meanMaps } from './mean-maps.js';
import { DATA, isOwnPage, ownData, REPORT, refuseForeign, removeData } from './own-files.js';
import { stampOf } from './stamp.js';

/** Photos in one file. The page reads one before it shows anything. */
const PHOTOS = 1000;
/** True boxes that take as much of it as another photo. */
const BOXES = 20;
/** Cells in one file, about 350 kB. The page reads one to show a map. */
const CELLS = 2 ** 16;

/** And letters of outlines. */
const LETTERS = 1000;

/** Size of a photo in its file. True boxes and outlines count where there are many. */
const sizeOf = (judged: readonly JudgedEntry[]): number =>
  1 +
  Math.floor(judged.reduce((sum, { truth, outline = '' }) => sum + truth.length / BOXES + outline.length / LETTERS, 0));

/** Folder for the data of a report of the run's present results. @throws the signal's reason. */
const dataFolder = async (store: Store, signal?: AbortSignal): Promise<string> =>
  `${DATA}/${await stampOf(store, [SETTINGS, MANIFEST, ...(await evaluationFiles(store))], signal)}`;

/**
 * Whether the report is complete and of the run's present results. Data of earlier reports are removed last, so a
 * complete report has the only data folder.
 * @throws the signal's reason.
 */
export const isCurrent = async (output: string, signal?: AbortSignal): Promise<boolean> => {
  const store = openStore(output);
  const [data, ...others] = await ownData(store);
  return others.length === 0 && (await isOwnPage(store)) && data === (await dataFolder(store, signal));
};

/** Whether the manifest has lines of more than one photo. What was passed over is none. */
export const hasSeveralPhotos = async (output: string): Promise<boolean> => {
  let lines = 0;
  for await (const line of storedLines(openStore(output))) {
    if (scanLine(line)?.failure !== UNREAD_FORMAT && ++lines > 1) return true;
  }
  return false;
};

/** Removes the report, such as one that is out of date. What is somebody's own stays. */
export const removeReport = async (output: string): Promise<void> => {
  const store = openStore(output);
  if (await isOwnPage(store)) await store.remove(REPORT);
  await removeData(store, () => false);
};

/** Whether the run wrote an overlay for each class. The page shows it where the photo is gone. */
const writesOverlays = ({ write, layout }: RunSettings['options']): boolean =>
  Array.isArray(write) && write.includes('overlay') && layout !== 'strip';

/** Data gathered from the explained photos, line by line. */
interface Gathering {
  readonly maps: ListFiles<MapsFile[number]>;
  readonly means: MeanMaps;
  explained: number;
  milliseconds: number;
  ranks: number;
  largest: number;
}

/** @param placed whether the maps' cells have places, so that cell by cell a mean says something. */
const addMaps = async (line: PhotoLine, gathering: Gathering, placed: boolean): Promise<void> => {
  const { maps, means } = gathering;
  gathering.explained++;
  gathering.milliseconds += line.milliseconds;
  gathering.ranks = Math.max(gathering.ranks, line.maps.length);
  for (const map of line.maps) {
    gathering.largest = Math.max(gathering.largest, map.max);
    if (placed) means.add(map);
  }
  const numbers = [...line.maps.map(({ map }) => map), ...curvesOf(line.maps)];
  await maps.add(
    numbers.map(encodeCells),
    numbers.reduce((sum, { length }) => sum + length, 1),
  );
};

/** Reads the manifest once more where what a folder stands for depends on all of them. */
const foldersReader = async (store: Store, settings: RunSettings, signal?: AbortSignal): Promise<FolderReader> => {
  const { classes, wordnetIds, head, photos } = settings;
  // Numbers that are no scores are no classes that a folder could be named after.
  const labels = head.scoring === 'none' ? [] : classes;
  const named: NamedClasses = { labels, wordnetIds, common: basename(placeFrom(store.place, photos)) };
  if (!needsAllFolders(named)) return folderReader(named);
  const folders = new Set<string>();
  for await (const text of wholeLines(store, signal)) {
    const photo = scan(text)?.photo;
    if (photo !== undefined) folders.add(folderOf(photo));
  }
  return folderReader(named, folders);
};

/** Writes the data files, reading the manifest line by line. @returns the run as the page needs it. */
const writeDataFiles = async (
  store: Store,
  data: string,
  settings: RunSettings,
  signal?: AbortSignal,
): Promise<ReportRun> => {
  const photos = listFiles<PhotosFile[number]>(PHOTOS, (n, items) => writeData(store, data, `photos-${n}`, items));
  const maps = listFiles<MapsFile[number]>(CELLS, (n, items) => writeData(store, data, `maps-${n}`, items));
  const gathering: Gathering = { maps, means: meanMaps(), explained: 0, milliseconds: 0, ranks: 0, largest: 0 };
  const folders = await foldersReader(store, settings, signal);
  const isChanged = changedReader(store.place, settings.photos);
  const placed = havePlaces(settings.head);
  const hasOverlays = writesOverlays(settings.options);
  const evaluation = await evaluationData(store, data, settings.classes.length, signal);
  let [failed, unread, torn] = [0, 0, 0];
  for await (const text of wholeLines(store, signal)) {
    const line = parse(text);
    if (line === undefined || !isSoundLine(line)) {
      torn++;
      continue;
    }
    if (isUnread(line)) {
      unread++;
      continue;
    }
    const changed = !isError(line) && isChanged(line);
    const judged = await evaluation.judgedOf(line.photo);
    const truth = folders.classesOf(line.photo);
    await photos.add(entryOf(line, { truth, judged, hasOverlays, changed }), sizeOf(judged));
    if (!isError(line)) await addMaps(line, gathering, placed);
    else {
      failed++;
      await maps.add([], 1);
    }
  }
  signal?.throwIfAborted();
  const { means, explained, milliseconds, ranks, largest } = gathering;
  await writeData(store, data, 'means', means.all());
  const { labels: _, wordnetIds: __, ...run } = settings;
  return {
    ...run,
    data,
    made: new Date().toISOString(),
    explained,
    failed,
    unread,
    torn,
    meanMilliseconds: explained > 0 ? milliseconds / explained : 0,
    photoFiles: (await photos.end()).length,
    mapFiles: await maps.end(),
    ranks,
    largest,
    folders: folders.found(),
    evaluation: await evaluation.end(),
  };
};

/** The run's settings. @throws UsageError `no-run`, `damaged-run`, `foreign-file`. */
const soundSettings = async (store: Store): Promise<RunSettings> => {
  await requireFiles(store);
  const settings = await readSettings(store);
  if (settings === undefined || !(await store.has(MANIFEST))) {
    throw new UsageError(
      'no-run',
      `${store.place} holds no results to report on; name the --output of an earlier run.`,
    );
  }
  return settings;
};

/** Writes the page last, and then removes the data of earlier reports: at any time there is a whole report, or none. */
const replaceReport = async (
  store: Store,
  data: string,
  settings: RunSettings,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const before = await ownData(store);
  try {
    const run = await writeDataFiles(store, data, settings, signal);
    await store.put(REPORT, reportHtml(run));
  } catch (error) {
    await removeData(store, (folder) => before.includes(folder));
    throw error;
  }
  await removeData(store, (folder) => folder === data);
};

/**
 * Writes the report of all photos in the manifest: report.html and a folder of data. The folder's name depends on the
 * results, so that an open page never reads data of another report. Memory does not grow with the number of photos.
 * @param output folder of a run.
 * @param signal ends the writing, and leaves an earlier report as it was.
 * @throws UsageError `no-run`, `damaged-run`, `foreign-file`, `output-in-use`, `output-unwritable`; the signal's reason.
 */
export const writeReport = async (output: string, signal?: AbortSignal): Promise<void> => {
  const store = openStore(output);
  const settings = await soundSettings(store);
  await refuseForeign(store, undefined, '');
  await store.lock();
  try {
    const data = await dataFolder(store, signal);
    await refuseForeign(store, data, '');
    await replaceReport(store, data, settings, signal);
  } finally {
    await store.release();
  }
};
