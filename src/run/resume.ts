import { closeSync, existsSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { scan } from '../results/line.js';
import { MANIFEST, pacedLines, wholeLines } from '../results/manifest.js';
import { writeLines } from '../stores/folder.js';
import { pathOf } from '../stores/paths.js';
import { type NameSet, nameSet } from './name-set.js';

const NEWLINE = 10;

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
    const found = scan(line);
    const isWhole = found?.finished && found.files.every((file) => existsSync(pathOf(join(output, file))));
    if (!isWhole || !finished.add(found.photo)) dropped.add(count);
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
  for (const line of wholeLines(output)) if (scan(line)?.finished) return true;
  return false;
};

/** Takes the photos' lines and pictures of an earlier run away. */
export const removeRun = (output: string): void => {
  for (const line of wholeLines(output)) {
    for (const file of scan(line)?.files ?? []) rmSync(pathOf(join(output, file)), { force: true });
  }
  rmSync(join(output, MANIFEST), { force: true });
};
