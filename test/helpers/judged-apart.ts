import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { PrepareOptions } from '../../src/options/model.js';
import type { Outcome } from './command.js';
import { root } from './repository.js';
import { linesOf } from './runs.js';

interface Attacked {
  /** Built-in name, .onnx file, or folder. */
  readonly model: string;
  readonly options: PrepareOptions;
}

const program = `
  import { isKnownError, prepareModel } from ${JSON.stringify(join(root, 'dist/index.js'))};
  for (const { model, options } of JSON.parse(process.argv[1])) {
    const error = await prepareModel(model, { ...options, threads: 1 }).then(() => undefined, (caught) => caught);
    const told = error === undefined ? '' : 'gapcam: ' + (isKnownError(error) ? error.message : error.stack) + '\\n';
    console.log(JSON.stringify({ code: error === undefined ? 0 : 2, stdout: '', stderr: told }));
  }`;

/**
 * Tries models one after the other in one other process, by the built library: what would hang or crash it does so there.
 * @returns for each what the command would say of it. Rejects where the process ends before the last.
 */
export const judgedApart = async (attacked: readonly Attacked[]): Promise<readonly Outcome[]> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(attacked)]);
  let [printed, noted] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    noted += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const outcomes: Outcome[] = linesOf(printed).map((line) => JSON.parse(line));
  if (outcomes.length < attacked.length) throw new Error(`model ${outcomes.length + 1} ended the process: ${noted}`);
  return outcomes;
};
