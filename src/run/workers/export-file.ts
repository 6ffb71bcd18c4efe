import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ModelError, reasonOf, UsageError } from '../../errors.js';
import { type Kind, kindOf } from '../../maps/class-weights.js';
import { checkExport } from '../../model/export/check.js';
import { withClassMaps } from '../../model/export/class-maps.js';
import { logitCount } from '../../model/head/head.js';
import { judgeModel, type ModelSource, type PrepareOptions, readModel, trialFeed } from '../../model/prepare.js';

export interface ExportSetup {
  /** Built-in name, .onnx file, or folder. */
  readonly model: string;
  readonly prepare: PrepareOptions;
  /** Absolute path of the .onnx file to write. */
  readonly target: string;
  /** The same path as the user wrote it. */
  readonly displayPath: string;
  /** Absolute path of a file in the same folder, to which the export is written until it is complete. */
  readonly temporary: string;
  /** Number of best classes whose maps the model returns. Undefined: all classes. */
  readonly top: number | undefined;
}

/** The export as written. */
export interface Exported {
  readonly classes: number;
  readonly rows: number;
  readonly columns: number;
  readonly kind: Kind;
}

const writeBeside = (temporary: string, target: string, bytes: Uint8Array): void => {
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, target);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new UsageError('output-unwritable', `Cannot write ${target}: ${reasonOf(error)}.`, error);
  }
};

/** @throws UsageError `output-exists`; ModelError `external-data` where the export would lose its weights. */
const checkTarget = ({ files, weights }: ModelSource, { target, displayPath }: ExportSetup): void => {
  if (target === files.file) {
    throw new UsageError('output-exists', `${displayPath} is the model itself; choose another --output.`);
  }
  const folder = dirname(files.file);
  if (weights !== undefined && dirname(target) !== folder) {
    throw new ModelError(
      'external-data',
      `The model keeps weights in a second file: write the export beside it, in ${folder}.`,
    );
  }
};

/**
 * Writes a model with its class maps as one more output, and compares them with gapcam's own maps.
 * @param begun called once the model's files are read.
 * @throws ModelError where the model cannot be explained or exported; UsageError where the file cannot be written.
 */
export const exportFile = async (setup: ExportSetup, begun: () => Promise<void>): Promise<Exported> => {
  const { model: name, prepare, target, temporary, top } = setup;
  const source = readModel(name, prepare);
  checkTarget(source, setup);
  await begun();
  const model = await judgeModel(source, prepare);
  const { head, grid } = model;
  const { batch } = head.pooling;
  if (batch !== 1) {
    throw new ModelError(
      'fixed-batch',
      `The model takes ${batch} pictures at a time, and class maps are written for one; save it with batch 1 or a free batch.`,
    );
  }
  const bytes = withClassMaps(source.bytes, source.graph, model, top);
  // Not the input with which the head was read: an export that fits only that input fails here.
  await checkExport(bytes, target, model, trialFeed(model.input, 2), top);
  writeBeside(temporary, target, bytes);
  return { classes: top ?? logitCount(head), rows: grid.rows, columns: grid.columns, kind: kindOf(model.held) };
};
