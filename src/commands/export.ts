import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { invalidOption, ModelError, reasonOf, UsageError } from '../errors.js';
import { checkExport } from '../model/export/check.js';
import { CLASS_MAPS, withClassMaps } from '../model/export/class-maps.js';
import { judgeModel, readModel, trialFeed } from '../model/prepare.js';
import type { Terminal } from './terminal.js';

export interface ExportArguments {
  readonly model: string;
  readonly output: string;
  readonly top: number | undefined;
  readonly outputName: string | undefined;
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

/** `gapcam export <model> -o <file>`. @returns the exit code. */
export const exportModel = async (given: ExportArguments, { note }: Terminal): Promise<number> => {
  const { top } = given;
  if (top !== undefined && !(Number.isInteger(top) && top >= 1))
    throw invalidOption('top', 'a whole number from 1', top);
  const target = resolve(given.output);
  if (!given.overwrite && statSync(target, { throwIfNoEntry: false }) !== undefined) {
    throw new UsageError('output-exists', `${given.output} exists already; choose another --output, or --overwrite.`);
  }
  const source = readModel(given.model);
  if (target === source.files.file) {
    throw new UsageError('output-exists', `${given.output} is the model itself; choose another --output.`);
  }
  if (source.graph.external && dirname(target) !== dirname(source.files.file)) {
    const folder = dirname(source.files.file);
    throw new ModelError(
      'external-data',
      `The model keeps weights in a second file: write the export beside it, in ${folder}.`,
    );
  }
  const model = await judgeModel(source, { outputName: given.outputName });
  const bytes = withClassMaps(source.bytes, source.graph, model, top);
  // Another input than the one that the head was read with: what only fits that one shows.
  await checkExport(bytes, target, model, trialFeed(model.input, 2), top);
  writeBeside(target, bytes);
  const { rows, columns } = model.grid;
  note(
    `${given.output}: ${CLASS_MAPS} [N, ${top ?? model.classes}, ${rows}, ${columns}], ${model.head.kind}, checked against gapcam's own maps`,
  );
  return 0;
};
