import { join } from 'node:path';
import type { ShownMap } from '../cam/result.js';
import { nameOf, percent, remarksOf } from '../cam/words.js';
import { REPORT } from '../report/write.js';
import type { RunCounts } from '../run/run.js';

/** A map's line on the terminal: file, label, score, which files show it. */
export const explainedLine = (shown: string, map: ShownMap, files: readonly string[], output: string): string => {
  const remarks = remarksOf(map);
  const remark = remarks === '' ? '' : ` (${remarks})`;
  const where = files.length > 0 ? ` -> ${files.map((file) => join(output, file)).join(', ')}` : '';
  return `${shown}: ${nameOf(map)} ${percent(map.score)}${remark}${where}`;
};

const plural = (count: number): string => `${count} ${count === 1 ? 'photo' : 'photos'}`;

/** @param report whether the output folder holds one. */
export const summaryLine = (
  { done, failed, skipped }: RunCounts,
  { output, report, interrupted }: { readonly output: string; readonly report: boolean; readonly interrupted: boolean },
): string => {
  const parts = [`${plural(done)} explained`];
  if (skipped > 0) parts.push(`${skipped} done before`);
  if (failed > 0) parts.push(`${failed} failed`);
  const page = report ? `, to be looked at in ${join(output, REPORT)}` : '';
  const where = done + skipped > 0 ? `; results in ${output}${page}` : '';
  return `${interrupted ? 'Interrupted: ' : ''}${parts.join(', ')}${where}`;
};
