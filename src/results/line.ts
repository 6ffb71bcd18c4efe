import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Explanation } from '../explain.js';
import type { ShownMap } from '../maps/result.js';
import { writeError } from '../stores/folder.js';

export const MANIFEST = 'manifest.jsonl';

/** One photo's line. `photo` is its path below the common folder of the photos, with slashes. */
export interface PhotoLine extends Omit<Explanation, 'maps' | 'pictures'> {
  readonly photo: string;
  readonly maps: readonly (ShownMap & { readonly files: readonly string[] })[];
  /** Pictures of the photo that belong to no class. */
  readonly files: readonly string[];
  readonly milliseconds: number;
}

export interface ErrorLine {
  readonly photo: string;
  readonly error: { readonly code: string; readonly message: string };
}

export type ManifestLine = PhotoLine | ErrorLine;

/** Whether the photo failed. */
export const isError = (line: ManifestLine): line is ErrorLine => 'error' in line;

/** The manifest, open for more lines. */
export interface ManifestWriter {
  /** Adds one line; the pictures that it names are there already. @throws UsageError `output-unwritable`. */
  readonly append: (line: string) => void;
  readonly close: () => void;
}

/** The only writer of the manifest: lines come whole and in the order in which photos are finished. */
export const openManifest = (output: string): ManifestWriter => {
  const orError = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw writeError(output, error);
    }
  };
  const file = orError(() => openSync(join(output, MANIFEST), 'a'));
  return {
    append: (line) =>
      orError(() => {
        const bytes = Buffer.from(`${line}\n`);
        const { size } = fstatSync(file);
        try {
          for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        } catch (error) {
          // A full disk takes a part of the line.
          ftruncateSync(file, size);
          throw error;
        }
      }),
    close: () => closeSync(file),
  };
};
