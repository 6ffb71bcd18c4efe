import { join } from 'node:path';
import type { MapResult } from '../cam/result.js';
import { REPORT } from '../report/write.js';
import type { RunCounts } from '../run/run.js';

const verdictWords = { ok: '', 'no-evidence': 'no evidence', flat: 'flat', 'non-finite': 'not finite' } as const;

/** A map's line on the terminal: file, label, score, where it went. */
export const explainedLine = (
  shown: string,
  { class: index, label, score, verdict, kind, residual, files }: MapResult & { readonly files: readonly string[] },
  output: string,
): string => {
  const remarks = [
    verdictWords[verdict],
    kind === 'first-order' ? `approximate, off by ${(residual * 100).toFixed(0)} %` : '',
  ].filter((word) => word !== '');
  const remark = remarks.length > 0 ? ` (${remarks.join(', ')})` : '';
  const where = files.length > 0 ? ` -> ${files.map((file) => join(output, file)).join(', ')}` : '';
  const name = label.split(',')[0].trim() || `class ${index}`;
  return `${shown}: ${name} ${(score * 100).toFixed(1)} %${remark}${where}`;
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
