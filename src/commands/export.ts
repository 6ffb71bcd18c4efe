import { randomUUID } from 'node:crypto';
import { lstatSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { reasonOf, systemCode, UsageError } from '../errors.js';
import { defineOption, withoutDefault } from '../options/define.js';
import { explainOptions } from '../options/explain.js';
import { modelOptions, prepareOptionsOf } from '../options/model.js';
import { modelPositional, preparationTimeout, runOptions } from '../options/run.js';
import { text } from '../options/values.js';
import { packageFile } from '../package-file.js';
import type { Exported, ExportSetup } from '../run/workers/export-file.js';
import { apart } from './apart.js';
import { defineCommand } from './command.js';

/** What a path itself is, a link for instance, and not what it leads to. */
const entryAt = (path: string) => {
  try {
    return lstatSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new UsageError(
      'output-unwritable',
      `Cannot write ${path} (${reasonOf(error)}); choose another --output.`,
      error,
    );
  }
};

/** @throws UsageError `output-exists` where something is there that is not to be replaced, `output-unwritable`. */
const checkFree = (target: string, displayPath: string, overwrite: boolean): void => {
  const entry = entryAt(target);
  if (entry === undefined) return;
  if (!entry.isFile()) {
    const found = entry.isSymbolicLink() ? 'a link' : entry.isDirectory() ? 'a folder' : 'a pipe or a device';
    throw new UsageError('output-exists', `${displayPath} is ${found}, and is not replaced; choose another --output.`);
  }
  if (!overwrite) {
    throw new UsageError('output-exists', `${displayPath} exists already; choose another --output, or --overwrite.`);
  }
};

export const exportModel = defineCommand({
  usage: 'export <model>',
  description: 'Write the same network with its class maps as one more output, class_maps [N, K, h, w]',
  positionals: { model: modelPositional },
  options: {
    output: defineOption({
      alias: 'o',
      values: text('an .onnx file'),
      required: true,
      describe: 'The .onnx file to write',
    }),
    top: {
      ...withoutDefault(explainOptions.top),
      describe: 'The maps of the k best classes alone, and their indices',
    },
    timeout: preparationTimeout,
    overwrite: runOptions.overwrite,
    ...modelOptions,
  },
  run: async (given, { note, signal }) => {
    const { model, output, top, timeout, overwrite } = given;
    const target = resolve(output);
    const displayPath = output === '' ? target : output;
    checkFree(target, displayPath, overwrite);
    const temporary = join(dirname(target), `.gapcam-${randomUUID()}.onnx`);
    const setup: ExportSetup = {
      model,
      prepare: prepareOptionsOf(given),
      target,
      displayPath,
      temporary,
      overwrite,
      top,
    };
    const worker = packageFile('dist/run/workers/export-worker.js');
    let exported: Exported | undefined;
    try {
      exported = await apart<ExportSetup, Exported>({ worker, setup, timeout }, signal);
    } finally {
      // Left by a process that was ended while it wrote.
      rmSync(temporary, { force: true });
    }
    if (exported === undefined) return 130;
    const { classes, rows, columns, kind } = exported;
    note(`${displayPath}: class_maps [N, ${classes}, ${rows}, ${columns}], ${kind}, checked against gapcam's own maps`);
    return 0;
  },
});
