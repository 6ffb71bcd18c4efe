import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { reasonOf, UsageError } from '../errors.js';
import { writeError } from '../stores/folder.js';
import { LINE_VERSION, versionOf } from './line.js';

export const MANIFEST = 'manifest.jsonl';

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

// Bytes read at a time; a million lines are about 2 GB.
const BLOCK = 2 ** 22;
const NEWLINE = 10;

/** @throws UsageError `later-run`: what this version does not know it must neither drop nor write anew. */
const known = (line: string, path: string): string => {
  const version = versionOf(line);
  if (version <= LINE_VERSION) return line;
  const message = `${path} has lines of version ${version} by a later gapcam, and this one reads up to ${LINE_VERSION}; update gapcam, or choose another --output.`;
  throw new UsageError('later-run', message);
};

/**
 * Whole lines of the manifest; none where there is no manifest. A last line without an end was torn and is left out.
 * @throws UsageError `damaged-run`, `later-run`.
 */
export function* wholeLines(output: string): Generator<string> {
  const path = join(output, MANIFEST);
  if (!existsSync(path)) return;
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const message = `${path} cannot be read (${reasonOf(error)}); choose another --output.`;
    throw new UsageError('damaged-run', message, error);
  }
  try {
    let rest = Buffer.alloc(0);
    const block = Buffer.alloc(BLOCK);
    for (let read = readSync(file, block); read > 0; read = readSync(file, block)) {
      const bytes = Buffer.concat([rest, block.subarray(0, read)]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        yield known(bytes.toString('utf8', from, end), path);
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(file);
  }
}

/** The same, at a pace that leaves the program able to listen; they end where the signal is aborted. */
export async function* pacedLines(output: string, signal: AbortSignal): AsyncGenerator<string> {
  let count = 0;
  for (const line of wholeLines(output)) {
    if (++count % 1000 === 0) await setImmediate();
    if (signal.aborted) return;
    yield line;
  }
}
