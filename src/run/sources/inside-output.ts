import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { pathOf, textOf } from '../../stores/paths.js';

/** A path with all its links followed, or undefined where it leads to nothing. */
const realPath = (path: string): string | undefined => {
  try {
    return textOf(realpathSync.native(pathOf(path), { encoding: 'buffer' }));
  } catch {
    return undefined;
  }
};

/** The path of what is gone: it may have been a picture, which a run that does all again has removed. */
const pathInRealFolder = (path: string): string | undefined => {
  const folder = realPath(dirname(path));
  return folder === undefined ? undefined : join(folder, basename(path));
};

/** Which files and folders lie in the output folder, whatever links lead to them. */
export interface InsideOutput {
  /** The real path below the output folder, with slashes; '' for the folder itself. Undefined: it lies elsewhere. */
  readonly nameOf: (path: string) => string | undefined;
}

/** @param output absolute path of the output folder. It need not exist yet. */
export const insideOutput = (output: string): InsideOutput => {
  let found: string | undefined;
  return {
    nameOf: (path) => {
      found ??= realPath(output);
      if (found === undefined) return undefined;
      const real = realPath(path) ?? pathInRealFolder(path);
      if (real === found) return '';
      const start = found.endsWith(sep) ? found : found + sep;
      return real?.startsWith(start) ? real.slice(start.length).split(sep).join('/') : undefined;
    },
  };
};
