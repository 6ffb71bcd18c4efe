import { join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { REPORT } from '../report/write.js';
import { mergeRuns } from '../run/merge.js';
import { counted } from './lines.js';
import { reportRun } from './report.js';
import type { Terminal } from './terminal.js';

export interface MergeArguments {
  readonly outputs: readonly string[];
  readonly output: string;
  readonly overwrite: boolean;
}

/** `gapcam merge <outputs...> -o <folder>`. @returns the exit code. */
export const merge = async ({ outputs, output, overwrite }: MergeArguments, { note }: Terminal): Promise<number> => {
  const target = resolve(output);
  const sources = [...new Set(outputs.map((folder) => resolve(folder)))];
  if (sources.includes(target)) {
    throw new UsageError('usage', `${output} is one of the folders to merge; choose another --output.`);
  }
  const { photos, failed, missing } = await mergeRuns({ outputs: sources, target, overwrite });
  note(
    `${counted(photos, 'photo')} of ${counted(sources.length, 'run')} in ${output}${failed > 0 ? `, ${failed} failed` : ''}`,
  );
  if (await reportRun(target, undefined)) note(`Report: ${join(output, REPORT)}`);
  if (missing.length > 0) note(`No folder was given of shard ${missing.join(', ')}.`);
  return failed > 0 || missing.length > 0 ? 1 : 0;
};
