import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PhotoLine } from '../results/line.js';
import { fileOf } from '../run/sources/names.js';
import { pathOf } from '../stores/paths.js';

/** A photo's file as it was when it was explained: bytes, and whole milliseconds since 1970. */
interface FileState {
  readonly size: number;
  readonly modified: number;
}

/** Undefined in lines of earlier versions. */
const stateIn = (line: PhotoLine & { readonly source?: FileState | undefined }): FileState | undefined => line.source;

/** Undefined: there is no such file, or it may not be looked at. */
const presentState = (file: string): FileState | undefined => {
  try {
    const stats = statSync(pathOf(file), { throwIfNoEntry: false });
    return stats?.isFile() ? { size: stats.size, modified: Math.round(stats.mtimeMs) } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Tells whether a photo's file is another than the one explained: of another size, or written since. Not where its line does
 * not say what it was, or the file is gone.
 * @param output folder of the run, absolute. @param photos the run's folder of photos, as a path from there.
 */
export const changedReader = (output: string, photos: string): ((line: PhotoLine) => boolean) => {
  const folder = resolve(output, photos);
  return (line) => {
    const before = stateIn(line);
    const now = before && presentState(fileOf(folder, line.photo));
    return before !== undefined && now !== undefined && (before.size !== now.size || before.modified !== now.modified);
  };
};
