import { dirname, join } from 'node:path';
import { ModelError, reasonOf, UsageError } from '../../errors.js';
import { type Kind, kindOf } from '../../maps/class-weights.js';
import { checkExport } from '../../model/export/check.js';
import { withClassMaps } from '../../model/export/class-maps.js';
import { logitCount } from '../../model/head/head.js';
import { judgeModel, type ModelSource, type PrepareOptions, readModel, trialFeed } from '../../model/prepare.js';
import { writeWhole } from '../../stores/folder/whole-file.js';
import { isSameFile } from '../../stores/same-file.js';

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
  /** Whether a regular file at the target is replaced. */
  readonly overwrite: boolean;
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

/** Gives the export its name, unless something that is not to be replaced has got it meanwhile. */
const writeBeside = async (bytes: Uint8Array, setup: ExportSetup): Promise<void> => {
  try {
    await writeWhole(bytes, setup);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      'output-unwritable',
      `Cannot write ${setup.target} (${reasonOf(error)}); choose another --output.`,
      error,
    );
  }
};

/**
 * @throws UsageError `output-exists` where the target is one of the model's own files, by whatever path; ModelError
 * `external-data` where the export would lose its weights.
 */
const checkTarget = ({ files, weights }: ModelSource, { target, displayPath }: ExportSetup): void => {
  const folder = dirname(files.file);
  if (isSameFile(target, files.file)) {
    throw new UsageError('output-exists', `${displayPath} is the model itself; choose another --output.`);
  }
  if (weights?.files.some(({ location }) => isSameFile(target, join(folder, location)))) {
    throw new UsageError('output-exists', `${displayPath} holds the model's own weights; choose another --output.`);
  }
  if (weights !== undefined && !isSameFile(dirname(target), folder)) {
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
  const { model: name, prepare, target, top } = setup;
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
  await writeBeside(bytes, setup);
  return { classes: top ?? logitCount(head), rows: grid.rows, columns: grid.columns, kind: kindOf(model.held) };
};
