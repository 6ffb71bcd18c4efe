import { closeSync, existsSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { MANIFEST } from '../results/line.js';
import { pacedLines, wholeLines } from '../results/read.js';
import { writeLines } from '../stores/folder.js';
import { pathOf } from '../stores/paths.js';
import { type NameSet, nameSet } from './name-set.js';

const NEWLINE = 10;

/** What a line says of a photo that was finished. */
interface Finished {
  readonly photo: string;
  /** Its pictures. */
  readonly files: readonly string[];
}

const ours = /^\{"photo":("(?:[^"\\]|\\.)*"),"width":.*\}$/s;
const files = /"files":\[((?:"(?:[^"\\]|\\.)*",?)*)\]/g;

/** A damaged line may name anything: what leads out of the output folder is not ours. */
const isInside = (file: string): boolean => !isAbsolute(file) && !file.split('/').includes('..');

/**
 * A finished photo's name and pictures; undefined for a line that is no record of one. The text is searched, not parsed:
 * the numbers of a million maps take many times as long. Quotes inside strings are escaped, so what is found is no label.
 */
export const finishedIn = (line: string): Finished | undefined => {
  const [, name] = ours.exec(line) ?? [];
  if (name === undefined) return undefined;
  try {
    const named = [...line.matchAll(files)].flatMap(([, list]) => JSON.parse(`[${list}]`) as string[]);
    return named.every(isInside) ? { photo: JSON.parse(name), files: named } : undefined;
  } catch {
    return undefined;
  }
};

/** Name of the photo whose failure a line records, else undefined. */
export const failedIn = (line: string): string | undefined => {
  if (!line.startsWith('{"photo":') || !line.includes('"error":{')) return undefined;
  try {
    const { photo, error } = JSON.parse(line);
    return error === undefined ? undefined : String(photo);
  } catch {
    return undefined;
  }
};

/**
 * Names of the photos that an earlier run finished and whose pictures are still there. Lines of other photos, failed or
 * torn, are taken out of the manifest: those photos are done again. Where the signal is aborted, some of the names, and the
 * manifest stays as it is.
 */
export const finishedPhotos = async (output: string, signal: AbortSignal): Promise<NameSet> => {
  const finished = nameSet();
  const dropped = new Set<number>();
  let count = 0;
  for await (const line of pacedLines(output, signal)) {
    const found = finishedIn(line);
    const whole = found?.files.every((file) => existsSync(pathOf(join(output, file))));
    if (found === undefined || !whole || !finished.add(found.photo)) dropped.add(count);
    count++;
  }
  if (signal.aborted) return finished;
  if (dropped.size > 0 || isTorn(output)) writeLines(output, MANIFEST, kept(output, dropped));
  return finished;
};

/** Whether the last line has no end: the next would be glued to it. */
const isTorn = (output: string): boolean => {
  if (!existsSync(join(output, MANIFEST))) return false;
  const file = openSync(join(output, MANIFEST), 'r');
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1, NEWLINE);
    if (size > 0) readSync(file, last, 0, 1, size - 1);
    return last[0] !== NEWLINE;
  } finally {
    closeSync(file);
  }
};

function* kept(output: string, dropped: ReadonlySet<number>): Generator<string> {
  let index = 0;
  for (const line of wholeLines(output)) if (!dropped.has(index++)) yield line;
}

/** Whether an earlier run in this folder explained any photo. */
export const hasFinished = (output: string): boolean => {
  for (const line of wholeLines(output)) if (finishedIn(line) !== undefined) return true;
  return false;
};

/** Takes the photos' lines and pictures of an earlier run away. */
export const removeRun = (output: string): void => {
  for (const line of wholeLines(output)) {
    for (const file of finishedIn(line)?.files ?? []) rmSync(pathOf(join(output, file)), { force: true });
  }
  rmSync(join(output, MANIFEST), { force: true });
};
