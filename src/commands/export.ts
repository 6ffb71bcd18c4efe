import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { defineOption, withoutDefault } from '../options/define.js';
import { explainOptions } from '../options/explain.js';
import { modelOptions, prepareOptionsOf } from '../options/model.js';
import { modelPositional, preparationTimeout, runOptions } from '../options/run.js';
import { text } from '../options/values.js';
import type { Exported, ExportSetup } from '../run/workers/export-file.js';
import { apart } from './apart.js';
import { defineCommand } from './command.js';

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
    const { model, output: displayPath, top, timeout } = given;
    const target = resolve(displayPath);
    if (!given.overwrite && existsSync(target)) {
      throw new UsageError('output-exists', `${displayPath} exists already; choose another --output, or --overwrite.`);
    }
    const temporary = join(dirname(target), `.gapcam-${process.pid}.onnx`);
    const setup: ExportSetup = { model, prepare: prepareOptionsOf(given), target, displayPath, temporary, top };
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
    note(`${displayPath}: class_maps [N, ${classes}, ${rows}, ${columns}], ${kind}, checked against gapcam's own maps`);
    return 0;
  },
});
