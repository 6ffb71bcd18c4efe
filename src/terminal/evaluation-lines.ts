import type { Evaluation, MetricResult } from '../evaluate/evaluation.js';
import { thresholdWords } from '../evaluate/words.js';
import { counted } from './lines.js';

/** Columns of the table, the last one for the rule. */
const WIDTHS = [15, 6, 15, 8, 8] as const;
const LAST = 44;

const percent = (value: number | null | undefined): string => (value == null ? '-' : (value * 100).toFixed(1));

const intervalOf = ({ ci95 }: MetricResult): string =>
  ci95 === null ? '-' : `${percent(ci95[0])} to ${percent(ci95[1])}`;

/** Text in lines of at most so many characters, broken between words. */
const wrapped = (text: string, most: number): readonly string[] => {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
};

/** A row: the name to the left, numbers to the right, the rule over as many lines as it needs. */
const rowOf = (cells: readonly string[], rule: string): readonly string[] =>
  wrapped(rule, LAST).map((line, i) => {
    const columns = cells.map((cell, k) => {
      const shown = i === 0 ? cell : '';
      return k === 0 ? shown.padEnd(WIDTHS[k]) : shown.padStart(WIDTHS[k]);
    });
    return `${columns.join('')}  ${line}`.trimEnd();
  });

/** What was evaluated, as a table of at most 100 columns: in percent, with what a bright spot in the photo's middle comes to. */
export const evaluationTable = ({ metrics }: Evaluation): readonly string[] => {
  const all = Object.entries(metrics).filter(([, { n }]) => n > 0);
  if (all.length === 0) return [];
  const rows = all.flatMap(([name, result]) =>
    rowOf(
      [name, percent(result.value), intervalOf(result), percent(result.centre?.value), String(result.n)],
      `${result.rule}${thresholdWords(result)}`,
    ),
  );
  return [...rowOf(['', '%', '95 %', 'centre', 'n'], 'rule'), ...rows];
};

/** Metrics below what a person wants at least. @param wanted percentages by metric. */
export const belowLines = (
  { metrics }: Evaluation,
  wanted: readonly { readonly metric: string; readonly percent: number }[],
): readonly string[] =>
  wanted.flatMap(({ metric, percent: least }) => {
    const { value = null } = metrics[metric] ?? {};
    if (value === null) return [`${metric} could not be computed, and ${least} % is wanted.`];
    return value * 100 < least ? [`${metric} is ${percent(value)} %, below ${least} %.`] : [];
  });

/** What was gone through, in a line. */
export const evaluatedLine = ({ photos, unreadable }: Evaluation, place: string): string => {
  const damaged = unreadable > 0 ? `, ${counted(unreadable, 'line')} of manifest.jsonl could not be read` : '';
  return `${counted(photos, 'photo')}${damaged}; ${place}`;
};
