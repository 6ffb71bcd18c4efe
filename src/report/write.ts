import { basename, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { isError, type PhotoLine, parse } from '../results/line.js';
import { MANIFEST, wholeLines } from '../results/manifest.js';
import { type RunSettings, readSettings, SETTINGS } from '../results/settings.js';
import { openStore } from '../stores/index.js';
import type { Store } from '../stores/store.js';
import { encodeCells } from './cells.js';
import type { MapsFile, PhotosFile, ReportRun } from './data.js';
import { type ListFiles, listFiles, writeData } from './data-files.js';
import { entryOf } from './entries.js';
import { folderReader } from './folder-classes.js';
import { reportHtml } from './html.js';
import { type MeanMaps, meanMaps } from './mean-maps.js';
import { isStamp, stampOf } from './stamp.js';

export const REPORT = 'report.html';
const DATA = 'report-data';

/** Photos in one file. The page reads one before it shows anything. */
const PHOTOS = 1000;
/** Cells in one file, about 350 kB. The page reads one to show a map. */
const CELLS = 2 ** 16;

/** Folder for the data of a report of the run's present results. */
const dataFolder = async (store: Store): Promise<string> => `${DATA}/${await stampOf(store, [SETTINGS, MANIFEST])}`;

/** Folders with data of this report or earlier ones. Leaves out pictures of photos whose folder has the same name. */
const dataFolders = async (store: Store): Promise<readonly string[]> =>
  (await store.list(DATA)).filter(isStamp).map((name) => `${DATA}/${name}`);

/**
 * Whether the report is complete and of the run's present results. Data of earlier reports are removed last, so a
 * complete report has the only data folder.
 */
export const isCurrent = async (output: string): Promise<boolean> => {
  const store = openStore(output);
  const [data, ...others] = await dataFolders(store);
  return others.length === 0 && (await store.has(REPORT)) && data === (await dataFolder(store));
};

/** Removes all data folders except those that `isKept` names. */
const removeData = async (store: Store, isKept: (folder: string) => boolean): Promise<void> => {
  for (const folder of await dataFolders(store)) {
    if (isKept(folder)) continue;
    for (const name of await store.list(folder)) await store.remove(`${folder}/${name}`);
    await store.remove(folder);
  }
};

/** Whether the manifest has more than one line. */
export const hasSeveralPhotos = async (output: string): Promise<boolean> => {
  let lines = 0;
  for await (const _ of wholeLines(openStore(output))) if (++lines > 1) return true;
  return false;
};

/** Removes the report, such as one that is out of date. */
export const removeReport = async (output: string): Promise<void> => {
  const store = openStore(output);
  await store.remove(REPORT);
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

const addMaps = async (line: PhotoLine, gathering: Gathering): Promise<void> => {
  const { maps, means } = gathering;
  gathering.explained++;
  gathering.milliseconds += line.milliseconds;
  gathering.ranks = Math.max(gathering.ranks, line.maps.length);
  for (const map of line.maps) {
    gathering.largest = Math.max(gathering.largest, map.max);
    means.add(map);
  }
  await maps.add(
    line.maps.map(({ map }) => encodeCells(map)),
    line.maps.reduce((cells, { map }) => cells + map.length, 1),
  );
};

/** Writes the data files, reading the manifest line by line. @returns the run as the page needs it. */
const writeDataFiles = async (store: Store, data: string, settings: RunSettings): Promise<ReportRun> => {
  const photos = listFiles<PhotosFile[number]>(PHOTOS, (n, items) => writeData(store, data, `photos-${n}`, items));
  const maps = listFiles<MapsFile[number]>(CELLS, (n, items) => writeData(store, data, `maps-${n}`, items));
  const gathering: Gathering = { maps, means: meanMaps(), explained: 0, milliseconds: 0, ranks: 0, largest: 0 };
  const folders = folderReader(settings.classes, basename(resolve(store.place, settings.photos)));
  const hasOverlays = writesOverlays(settings.options);
  let [failed, torn] = [0, 0];
  for await (const text of wholeLines(store)) {
    const line = parse(text);
    if (line === undefined) {
      torn++;
      continue;
    }
    await photos.add(entryOf(line, folders.classesOf(line.photo), hasOverlays), 1);
    if (!isError(line)) await addMaps(line, gathering);
    else {
      failed++;
      await maps.add([], 1);
    }
  }
  const { means, explained, milliseconds, ranks, largest } = gathering;
  await writeData(store, data, 'means', means.all());
  const { labels: _, ...run } = settings;
  return {
    ...run,
    data,
    made: new Date().toISOString(),
    explained,
    failed,
    torn,
    meanMilliseconds: explained > 0 ? milliseconds / explained : 0,
    photoFiles: (await photos.end()).length,
    mapFiles: await maps.end(),
    ranks,
    largest,
    folders: folders.found(),
  };
};

/**
 * Writes the report of all photos in the manifest: report.html and a folder of data. The folder's name depends on the
 * results, so that an open page never reads data of another report. Memory does not grow with the number of photos.
 * @param output folder of a run.
 * @throws UsageError `no-run`, `damaged-run`, `output-in-use`, `output-unwritable`.
 */
export const writeReport = async (output: string): Promise<void> => {
  const store = openStore(output);
  const settings = await readSettings(store);
  if (settings === undefined || !(await store.has(MANIFEST))) {
    throw new UsageError('no-run', `${output} holds no results to report on; name the --output of an earlier run.`);
  }
  await store.lock();
  const data = await dataFolder(store);
  const before = await dataFolders(store);
  try {
    const run = await writeDataFiles(store, data, settings);
    await store.put(REPORT, reportHtml(run));
    await removeData(store, (folder) => folder === data);
  } catch (error) {
    await removeData(store, (folder) => before.includes(folder));
    throw error;
  } finally {
    await store.release();
  }
};
