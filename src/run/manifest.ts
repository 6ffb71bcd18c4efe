import { appendFileSync, createReadStream, existsSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ShownMap } from '../cam/result.js';
import type { Explanation } from '../explain.js';
import { writeError, writeWhole } from './files.js';

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

/** Pictures that a line names. A damaged line may name anything: what leads out of the output folder is not ours. */
const filesOf = ({ maps, files }: PhotoLine): readonly string[] =>
  [...maps.flatMap((map) => map.files), ...files].filter(
    (file) => !isAbsolute(file) && !file.split('/').includes('..'),
  );

const parseLine = (text: string): ManifestLine | undefined => {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line !== 'object' || line === null || !('photo' in line)) return undefined;
    const whole =
      'error' in line || ('maps' in line && Array.isArray(line.maps) && 'files' in line && Array.isArray(line.files));
    return whole ? (line as ManifestLine) : undefined;
  } catch {
    // Torn by whatever ended the run that wrote it: that photo is not done.
    return undefined;
  }
};

/** The lines of an earlier run; undefined for a torn one. */
export async function* readLines(
  output: string,
): AsyncGenerator<{ readonly text: string; readonly line: ManifestLine | undefined }> {
  const file = join(output, MANIFEST);
  if (!existsSync(file)) return;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (text !== '') yield { text, line: parseLine(text) };
  }
}

/**
 * Names of the photos that an earlier run finished and whose pictures are still there. Lines of other photos, failed or
 * torn, are taken out of the manifest: those photos are done again.
 */
export const finishedPhotos = async (output: string): Promise<Set<string>> => {
  const kept = new Map<string, string>();
  let lines = 0;
  for await (const { text, line } of readLines(output)) {
    lines++;
    if (line === undefined || isError(line)) continue;
    const whole = filesOf(line).every((file) => existsSync(join(output, file)));
    if (whole) kept.set(line.photo, text);
  }
  if (kept.size < lines) writeWhole(output, MANIFEST, [...kept.values(), ''].join('\n'));
  return new Set(kept.keys());
};

/** Whether an earlier run in this folder explained any photo. */
export const hasFinished = async (output: string): Promise<boolean> => {
  for await (const { line } of readLines(output)) if (line !== undefined && !isError(line)) return true;
  return false;
};

/** Whether the manifest tells of more than one photo. */
export const hasSeveralLines = async (output: string): Promise<boolean> => {
  let lines = 0;
  for await (const _ of readLines(output)) if (++lines > 1) return true;
  return false;
};

/** Takes the photos' lines and pictures of an earlier run away. */
export const removeRun = async (output: string): Promise<void> => {
  for await (const { line } of readLines(output)) {
    if (line === undefined || isError(line)) continue;
    for (const file of filesOf(line)) rmSync(join(output, file), { force: true });
  }
  rmSync(join(output, MANIFEST), { force: true });
};

/** Adds one whole line; the pictures that it names are written before it. */
export const appendLine = (output: string, line: ManifestLine): void => {
  try {
    appendFileSync(join(output, MANIFEST), `${JSON.stringify(line)}\n`);
  } catch (error) {
    throw writeError(output, error);
  }
};
