import { join } from 'node:path';
import type { MapResult } from '../cam/result.js';
import { failedOf, rateOf, type Tally } from '../run/tally.js';

const verdictWords = { ok: '', 'no-evidence': 'no evidence', flat: 'flat', 'non-finite': 'not finite' } as const;

/** The first of a label's names; a class without one goes by its index. */
const shortName = (label: string, index: number): string => label.split(',')[0].trim() || `class ${index}`;

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
  return `${shown}: ${shortName(label, index)} ${(score * 100).toFixed(1)} %${remark}${where}`;
};

const plural = (count: number): string => `${count} ${count === 1 ? 'photo' : 'photos'}`;

/** Counts in words, the largest first: "3 empty, 1 missing". */
const counted = (counts: ReadonlyMap<string, number>, words: (key: string) => string, most = counts.size): string =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([key, count]) => `${count} ${words(key)}`)
    .join(', ');

// Below this number a rate is chance, and the classes are in the lines above.
const MANY = 10;
const FREQUENT = 5;

/** What a run came to, a line each: the counts, and what is worth knowing of failures, verdicts and classes. */
export const summaryLines = (tally: Tally, output: string, interrupted: boolean): readonly string[] => {
  const { done, skipped, failures, verdicts, classes } = tally;
  const failed = failedOf(tally);
  const parts = [`${plural(done)} explained`];
  if (skipped > 0) parts.push(`${skipped} done before`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (done >= MANY) parts.push(`${rateOf(tally).toFixed(1)} photos/s`);
  const where = done + skipped > 0 ? `; results in ${output}` : '';
  const lines = [`${interrupted ? 'Interrupted: ' : ''}${parts.join(', ')}${where}`];
  if (failed > 1) lines.push(`Failed: ${counted(failures, (code) => code)}`);
  if (verdicts.size > 1 || (done > 0 && !verdicts.has('ok'))) lines.push(`Maps: ${counted(verdicts, (word) => word)}`);
  if (done >= MANY) lines.push(`Best classes: ${counted(classes, (label) => label.split(',')[0].trim(), FREQUENT)}`);
  return lines;
};
