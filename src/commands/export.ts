import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { invalidOption, ModelError, reasonOf, UsageError } from '../errors.js';
import { checkExport } from '../model/export/check.js';
import { CLASS_MAPS, withClassMaps } from '../model/export/class-maps.js';
import { logitCount } from '../model/head/head.js';
import { judgeModel, readModel, trialFeed } from '../model/prepare.js';
import { type ModelArguments, prepareOptionsOf } from './model-options.js';
import type { Terminal } from './terminal.js';

export interface ExportArguments extends ModelArguments {
  readonly model: string;
  readonly output: string;
  readonly top?: unknown;
  readonly overwrite: boolean;
}

const writeBeside = (target: string, bytes: Uint8Array): void => {
  const temporary = join(dirname(target), `.gapcam-${process.pid}.onnx`);
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError('output-unwritable', `Cannot write ${target}: ${reasonOf(error)}.`, error);
  }
};

const topOf = (given: unknown): number | undefined => {
  if (given === undefined || (typeof given === 'number' && Number.isInteger(given) && given >= 1)) return given;
  throw invalidOption('top', 'a whole number from 1', given);
};

/** `gapcam export <model> -o <file>`. @returns the exit code. */
export const exportModel = async (given: ExportArguments, { note }: Terminal): Promise<number> => {
  const top = topOf(given.top);
  const target = resolve(given.output);
  if (!given.overwrite && statSync(target, { throwIfNoEntry: false }) !== undefined) {
    throw new UsageError('output-exists', `${given.output} exists already; choose another --output, or --overwrite.`);
  }
  const options = prepareOptionsOf(given);
  const source = readModel(given.model, options);
  if (target === source.files.file) {
    throw new UsageError('output-exists', `${given.output} is the model itself; choose another --output.`);
  }
  if (source.weights !== undefined && dirname(target) !== dirname(source.files.file)) {
    const folder = dirname(source.files.file);
    throw new ModelError(
      'external-data',
      `The model keeps weights in a second file: write the export beside it, in ${folder}.`,
    );
  }
  const model = await judgeModel(source, options);
  const [batch] = model.head.average.dims;
  if (batch !== 1) {
    throw new ModelError(
      'fixed-batch',
      `The model takes ${batch} pictures at a time, and class maps are written for one; save it with batch 1 or a free batch.`,
    );
  }
  const bytes = withClassMaps(source.bytes, source.graph, model, top);
  // Another input than the one that the head was read with: what only fits that one shows.
  await checkExport(bytes, target, model, trialFeed(model.input, 2), top);
  writeBeside(target, bytes);
  const { rows, columns } = model.grid;
  note(
    `${given.output}: ${CLASS_MAPS} [N, ${top ?? logitCount(model.head)}, ${rows}, ${columns}], ${model.head.kind}, checked against gapcam's own maps`,
  );
  return 0;
};
