import { answerOf, nameOf, verdictRemark } from '../maps/remarks.js';
import type { ShownMap } from '../maps/result.js';
import { failedOf, rateOf, type Tally, unreadOf } from '../run/tally.js';
import { below } from '../stores/places.js';
import { meanLines } from './measure-lines.js';

/** A map's line on the terminal: file, label, score or number, which files show it. @param output undefined: none. */
export const explainedLine = (
  displayPath: string,
  map: ShownMap,
  files: readonly string[],
  output: string | undefined,
): string => {
  const remarks = verdictRemark(map);
  const remark = remarks === '' ? '' : ` (${remarks})`;
  const where = files.length > 0 ? ` -> ${files.map((file) => below(output ?? '', file)).join(', ')}` : '';
  return `${displayPath}: ${nameOf(map)} ${answerOf(map)}${remark}${where}`;
};

/** A number of things: "1 photo", "2 photos". */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Counts in words, the largest first: "3 empty, 1 missing". */
const ranked = (counts: ReadonlyMap<string, number>, words: (key: string) => string, most = counts.size): string =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([key, count]) => `${count} ${words(key)}`)
    .join(', ');

// Below this number a rate is chance, and the classes are in the lines above.
const MANY = 10;
const FREQUENT = 5;

/** What was passed over: "2 files are no photos that are read here: 1 HEIC, 1 PSD". */
export const unreadLine = (tally: Tally): string => {
  const number = unreadOf(tally);
  const are = number === 1 ? 'is no photo that is' : 'are no photos that are';
  return `${counted(number, 'file')} ${are} read here: ${ranked(tally.unread, (kind) => kind)}`;
};

/** What a run came to, a line each: the counts, and what is worth knowing of failures, verdicts and classes. */
export const summaryLines = (tally: Tally, output: string | undefined, interrupted: boolean): readonly string[] => {
  const { done, skipped, own, changed, unreadable, failures, verdicts, classes } = tally;
  const failed = failedOf(tally);
  const parts = [`${counted(done, 'photo')} explained`];
  if (skipped > 0) parts.push(`${skipped} done before`);
  if (own > 0)
    parts.push(`${own} left out, as ${own === 1 ? 'it is a picture' : 'they are pictures'} of the run itself`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (done >= MANY) parts.push(`${rateOf(tally).toFixed(1)} photos/s`);
  const where = output !== undefined && done + skipped > 0 ? `; results in ${output}` : '';
  const lines = [`${interrupted ? 'Interrupted: ' : ''}${parts.join(', ')}${where}`];
  if (changed > 0) lines.push(`${counted(changed, 'photo')} changed since, done again`);
  if (unreadable > 0) {
    const again = unreadable === 1 ? 'its photo is done again' : 'their photos are done again';
    lines.push(`${counted(unreadable, 'line')} of manifest.jsonl could not be read; ${again}`);
  }
  if (unreadOf(tally) > 0) lines.push(unreadLine(tally));
  if (failed > 1) lines.push(`Failed: ${ranked(failures, (code) => code)}`);
  if (verdicts.size > 1 || (done > 0 && !verdicts.has('ok'))) lines.push(`Maps: ${ranked(verdicts, (word) => word)}`);
  lines.push(...meanLines(tally));
  if (done >= MANY && classes.size > 0)
    lines.push(`Best classes: ${ranked(classes, (label) => label.split(',')[0].trim(), FREQUENT)}`);
  return lines;
};

/** What is said where the person interrupts while the report is made. @param output as the person would write it. */
export const withoutReport = (output: string): string =>
  `Interrupted: the report is not made; gapcam report ${output} makes it.`;
