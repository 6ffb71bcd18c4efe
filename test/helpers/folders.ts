import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export { fixture, root } from './repository.js';

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is gone after the file's tests. */
export const temporaryFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gapcam-')));
  made.push(folder);
  return folder;
};

interface ModelFolder {
  readonly model: Uint8Array;
  readonly labels: readonly string[];
  readonly preprocessor: Readonly<Record<string, unknown>>;
}

/** A model folder in the Hugging Face form. */
export const writeModelFolder = (folder: string, { model, labels, preprocessor }: ModelFolder): string => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), model);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ id2label: { ...labels } }));
  writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  return folder;
};

/** Resize the shortest edge, crop the middle, no normalisation. */
export const cropped = (size: number, share = 1): Readonly<Record<string, unknown>> => ({
  size: { shortest_edge: size },
  crop_pct: share,
  resample: 2,
  rescale_factor: 1 / 255,
  do_normalize: false,
});
