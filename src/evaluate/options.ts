import { choiceOf, invalidOption, UsageError } from '../errors.js';
import { defineOption } from '../options/define.js';
import { runOptions } from '../options/run.js';
import { keysOf, numberIn, oneOf, text, type Values, yesOrNo } from '../options/values.js';
import { type MetricName, metrics } from './metrics/index.js';
import type { Metric } from './metrics/metric.js';
import { profiles } from './profiles/index.js';

const names = keysOf(metrics);

/** A metric's name, in upper or lower case. @throws UsageError `invalid-option`. */
const metricOf = (option: string, word: string): MetricName =>
  names.find((name) => name.toLowerCase() === word.trim().toLowerCase()) ?? choiceOf(option, names, word);

const asItIs = (word: string): unknown => word;

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string');

const parts = (words: readonly string[]): readonly string[] => words.flatMap((word) => word.split(','));

const metricList: Values<readonly MetricName[]> = {
  words: 'many',
  choices: names,
  fromWord: asItIs,
  check: (name, value) => {
    if (!isTexts(value)) throw invalidOption(name, names.join(' or '), value);
    return [...new Set(parts(value).map((word) => metricOf(name, word)))];
  },
};

/** The least value that a metric may have. */
export interface Least {
  readonly metric: MetricName;
  /** In percent. */
  readonly percent: number;
}

const EXPECTED = 'a metric and its least percentage such as MaxBoxAccV2=60';

const leastOf = (name: string, word: string): Least => {
  const [, metric = '', digits = ''] = /^([^=]+)=(.+)$/.exec(word) ?? [];
  const percent = digits.trim() === '' ? Number.NaN : Number(digits);
  if (!(percent >= 0 && percent <= 100)) throw invalidOption(name, EXPECTED, word);
  if (percent > 0 && percent < 1) {
    const message = `${word} asks for less than 1 %, which nearly any map has; write ${metric}=${Math.round(percent * 1e6) / 1e4} for a share of ${percent}.`;
    throw new UsageError('invalid-option', message);
  }
  const found = metricOf(name, metric);
  if ((metrics[found] as Metric).isError !== true) return { metric: found, percent };
  throw new UsageError('invalid-option', `Of ${found} more is worse, so ${name} takes no least value of it.`);
};

const leastList: Values<readonly Least[]> = {
  words: 'many',
  fromWord: asItIs,
  check: (name, value) => {
    if (!isTexts(value)) throw invalidOption(name, EXPECTED, value);
    return parts(value).map((word) => leastOf(name, word));
  },
};

const file = text('a file', (value) => value !== '');

export const evaluateOptions = {
  truth: defineOption({
    values: text('a file or a folder', (value) => value !== ''),
    otherwise: 'what the run noted',
    describe: 'What is true of the photos',
  }),
  mapClasses: defineOption({ values: file, describe: "A file that says which of the network's classes a name means" }),
  metric: defineOption({ values: metricList, otherwise: 'all', describe: 'What is computed' }),
  profile: defineOption({
    values: oneOf(keysOf(profiles)),
    default: 'photo',
    describe: "Boxes in the photo's own pixels, or as wsolevaluation draws them",
  }),
  threshold: defineOption({
    values: numberIn('a number from 0 to below 1', (value) => value >= 0 && value < 1),
    default: 0.2,
    describe: "Share of a map's largest value at which its box ends",
  }),
  blacklist: defineOption({ values: file, describe: 'Photos that CLS-LOC-error leaves out, one a line' }),
  failUnder: defineOption({
    values: leastList,
    describe: 'Exit with 1 where a metric is below a percentage, as MaxBoxAccV2=60',
  }),
  jobs: runOptions.jobs,
  json: defineOption({ values: yesOrNo, default: false, describe: 'Print evaluation.json instead of the table' }),
};
