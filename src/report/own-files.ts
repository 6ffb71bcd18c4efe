import { UsageError } from '../errors.js';
import { type Store, startOf } from '../stores/store.js';
import { version } from '../version.js';
import { isStamp } from './stamp.js';

/** What of an output folder belongs to a report of gapcam. Anything else of the same name is somebody's own, and stays. */

export const REPORT = 'report.html';
export const DATA = 'report-data';

/** How every report begins. */
export const BEGINNING = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';

/** What tells a report from other pages, in its first bytes. */
export const MARK = `<meta name="generator" content="gapcam ${version}">`;

// By any version: earlier ones had no mark, but always this title.
const marks = /<meta name="generator" content="gapcam [^"<>]*">|<title>gapcam report<\/title>/;

const MARKED = 1024;

/** How every data file begins. */
export const CALL = 'gapcamData(';

const isDataName = (name: string): boolean => /^(photos-\d+|maps-\d+|classes-\d+|means)\.js$/.test(name);

/** Whether report.html is a report of this or an earlier version. */
export const isOwnPage = async (store: Store): Promise<boolean> => {
  if ((await store.sizeOf(REPORT)) === undefined) return false;
  const start = await startOf(store, REPORT, MARKED);
  return start.startsWith(BEGINNING) && marks.test(start);
};

/** Whether a folder holds data of a report and nothing else. An empty one does. */
const isOwnData = async (store: Store, folder: string): Promise<boolean> => {
  if (!(await store.isFolder(folder))) return false;
  const names = await store.list(folder);
  if (!names.every(isDataName)) return false;
  for (const name of names) {
    const file = `${folder}/${name}`;
    if ((await store.sizeOf(file)) === undefined || (await startOf(store, file, CALL.length)) !== CALL) return false;
  }
  return true;
};

/** Folders with data of this report or earlier ones. Leaves out pictures of photos whose folder has the same name. */
export const ownData = async (store: Store): Promise<readonly string[]> => {
  const folders: string[] = [];
  for (const name of await store.list(DATA)) {
    if (isStamp(name) && (await isOwnData(store, `${DATA}/${name}`))) folders.push(`${DATA}/${name}`);
  }
  return folders;
};

/** Removes all data folders of reports except those that `isKept` names, and the folder around them once it is empty. */
export const removeData = async (store: Store, isKept: (folder: string) => boolean): Promise<void> => {
  const folders = (await ownData(store)).filter((folder) => !isKept(folder));
  for (const folder of folders) {
    for (const name of await store.list(folder)) await store.remove(`${folder}/${name}`);
    await store.remove(folder);
  }
  if (folders.length > 0) await store.remove(DATA);
};

/**
 * Refuses where a report would replace what is somebody's own. Writes nothing.
 * @param data folder that the report's data are to be written to; undefined: not known yet.
 * @param ways other ways out than to move the file away, in words.
 * @throws UsageError `foreign-file`.
 */
export const refuseForeign = async (store: Store, data: string | undefined, ways: string): Promise<void> => {
  const refuse = (name: string, found: string): never => {
    const file = store.pathOf(name) ?? `${store.place}/${name}`;
    throw new UsageError(
      'foreign-file',
      `${file} is ${found}, where the report is to be written; move it away${ways}.`,
    );
  };
  const [hasReport, hasData] = await Promise.all([store.has(REPORT), store.has(DATA)]);
  if (hasReport && !(await isOwnPage(store))) refuse(REPORT, "not one of gapcam's reports");
  if (hasData && !(await store.isFolder(DATA))) refuse(DATA, 'no folder');
  if (data !== undefined && (await store.has(data)) && !(await isOwnData(store, data))) {
    refuse(data, "not one of gapcam's folders");
  }
};
