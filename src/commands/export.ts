import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { invalidOption, UsageError } from '../errors.js';
import type { Exported, ExportSetup } from '../run/workers/export-file.js';
import type { Terminal } from '../terminal/contract.js';
import { apart } from './apart.js';
import { type ModelArguments, prepareOptionsOf } from './model-options.js';
import { secondsFrom } from './numbers.js';

export interface ExportArguments extends ModelArguments {
  readonly model: string;
  readonly output: string;
  readonly top?: unknown;
  readonly timeout: unknown;
  readonly overwrite: boolean;
}

const topOf = (given: unknown): number | undefined => {
  if (given === undefined || (typeof given === 'number' && Number.isInteger(given) && given >= 1)) return given;
  throw invalidOption('top', 'a whole number from 1', given);
};

/** `gapcam export <model> -o <file>`. @returns the exit code. */
export const exportModel = async (given: ExportArguments, { note, signal }: Terminal): Promise<number> => {
  const { model, output: shown } = given;
  const top = topOf(given.top);
  const timeout = secondsFrom(given.timeout);
  const target = resolve(shown);
  if (!given.overwrite && existsSync(target)) {
    throw new UsageError('output-exists', `${shown} exists already; choose another --output, or --overwrite.`);
  }
  const temporary = join(dirname(target), `.gapcam-${process.pid}.onnx`);
  const setup: ExportSetup = { model, prepare: prepareOptionsOf(given), target, shown, temporary, top };
  const worker = new URL('../run/workers/export-worker.js', import.meta.url);
  let exported: Exported | undefined;
  try {
    exported = await apart<ExportSetup, Exported>({ worker, setup, timeout }, signal);
  } finally {
    // Left by a process that was ended while it wrote.
    if (existsSync(temporary)) rmSync(temporary);
  }
  if (exported === undefined) return 130;
  const { classes, rows, columns, kind } = exported;
  note(`${shown}: class_maps [N, ${classes}, ${rows}, ${columns}], ${kind}, checked against gapcam's own maps`);
  return 0;
};
