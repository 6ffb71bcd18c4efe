import type { Evaluation, MetricResult } from '../evaluate/evaluation.js';
import { thresholdWords } from '../evaluate/words.js';
import { counted } from './lines.js';

/** Widths of the table's columns of numbers, and of the table, in characters. */
const NUMBERS = [6, 15, 8, 8] as const;
const TABLE = 100;
/** The rule's least width. */
const LEAST = 20;

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

interface Row {
  readonly name: string;
  readonly numbers: readonly string[];
  readonly rule: string;
}

/** A row: the name to the left, numbers to the right, the rule over as many lines as it needs. @param width of all names. */
const rowLines = ({ name, numbers, rule }: Row, width: number): readonly string[] => {
  const columns = `${name.padEnd(width)}${numbers.map((cell, i) => cell.padStart(NUMBERS[i])).join('')}`;
  const lines = wrapped(rule, Math.max(LEAST, TABLE - columns.length - 2));
  return lines.map((line, i) => `${i === 0 ? columns : ' '.repeat(columns.length)}  ${line}`);
};

/** What was evaluated, as a table of at most 100 columns: in percent, with what a bright spot in the photo's middle comes to. */
export const evaluationTable = ({ metrics }: Evaluation): readonly string[] => {
  const all = Object.entries(metrics).filter(([, { n }]) => n > 0);
  if (all.length === 0) return [];
  const rows = all.map(
    ([name, result]): Row => ({
      name,
      numbers: [percent(result.value), intervalOf(result), percent(result.centre?.value), String(result.n)],
      rule: `${result.rule}${thresholdWords(name, result)}`,
    }),
  );
  const heading = { name: '', numbers: ['%', '95 %', 'centre', 'n'], rule: 'rule' };
  const width = Math.max(...rows.map(({ name }) => name.length));
  return [heading, ...rows].flatMap((row) => rowLines(row, width));
};

/** Metrics below what a person wants at least. @param wanted percentages by metric. */
export const belowLines = (
  { metrics }: Evaluation,
  wanted: readonly { readonly metric: string; readonly percent: number }[],
): readonly string[] =>
  wanted.flatMap(({ metric, percent: least }) => {
    const { value = null } = metrics[metric] ?? {};
    if (value === null) return [`${metric} could not be computed, and ${least} % is wanted.`];
    // Of a share such as 0.57 a hundred times is a little less than 57.
    return value * 100 < least - 1e-9 ? [`${metric} is ${Number((value * 100).toFixed(3))} %, below ${least} %.`] : [];
  });

/** Says where no metric has a case. */
export const nothingLines = ({ metrics, photos }: Evaluation): readonly string[] => {
  if (Object.values(metrics).some(({ n }) => n > 0)) return [];
  return [
    photos === 0
      ? 'No metric could be computed: the run has no photo that was explained.'
      : `No metric could be computed: all of ${counted(photos, 'photo')} are left out, for the reasons above.`,
  ];
};

/** What was gone through, in a line. */
export const evaluatedLine = ({ photos, unreadable }: Evaluation, place: string): string => {
  const damaged = unreadable > 0 ? `, ${counted(unreadable, 'line')} of manifest.jsonl could not be read` : '';
  return `${counted(photos, 'photo')}${damaged}; ${place}`;
};
