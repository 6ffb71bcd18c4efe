import { leftOutLines, thresholdWords } from '../../evaluate/words.js';
import type { NamedMetric, ReportEvaluation } from '../data.js';
import { element, svg } from './dom.js';
import { valueWords } from './truth-words.js';
import { count, counted, inSight } from './words.js';

/** Of a chart, in units of its own; the page stretches it. */
const [WIDTH, HEIGHT] = [100, 20];

const across = (value: number): number => Math.min(1, Math.max(0, value)) * WIDTH;

const line = (name: string, from: readonly [number, number], to: readonly [number, number]): SVGElement =>
  svg('path', { class: name, d: `M${from.join(' ')}L${to.join(' ')}`, 'vector-effect': 'non-scaling-stroke' });

/** A value from 0 to 1 with its interval, and what maps that know nothing of the photo come to. */
const chart = ({ value, ci95, centre, random }: NamedMetric): SVGElement => {
  const made = svg('svg', {
    class: 'chart',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  const middle = HEIGHT / 2;
  made.append(line('axis', [0, middle], [WIDTH, middle]));
  for (const [name, beside] of [
    ['random', random],
    ['centre', centre],
  ] as const) {
    if (beside?.value == null) continue;
    made.append(line(name, [across(beside.value), 3], [across(beside.value), HEIGHT - 3]));
  }
  if (ci95) made.append(line('interval', [across(ci95[0]), middle], [across(ci95[1]), middle]));
  if (value !== null) made.append(line('dot', [across(value), middle], [across(value) + 0.001, middle]));
  return made;
};

const intervalWords = (metric: NamedMetric, ci95: NamedMetric['ci95']): string =>
  ci95 === null ? '' : `${valueWords(metric, ci95[0]).replace(/\s%$/, '')} to ${valueWords(metric, ci95[1])}`;

const number = (words: string, below: string): HTMLElement =>
  element('td', {}, words, below === '' ? '' : element('small', {}, below));

const rowOf = (metric: NamedMetric, hasRandom: boolean): HTMLElement => {
  const { name, value, ci95, centre, random, n, rule, isError } = metric;
  const words = `${rule}${thresholdWords(name, metric)}${isError ? '; less is better' : ''}`;
  const beside = (one: NamedMetric['random'] | null) => (one == null ? '–' : valueWords(metric, one.value));
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, inSight(name), element('small', {}, inSight(words))),
    number(valueWords(metric, value), intervalWords(metric, ci95)),
    element('td', {}, beside(centre)),
    hasRandom ? element('td', {}, beside(random)) : [],
    element('td', {}, count(n)),
    element('td', { className: 'chart-cell' }, chart(metric)),
  );
};

const tableOf = (title: string, metrics: readonly NamedMetric[]): HTMLElement | string => {
  if (metrics.length === 0) return '';
  const hasRandom = metrics.some(({ random }) => random !== undefined);
  const heads = ['Metric', 'Value, 95 %', 'Centre', ...(hasRandom ? ['Random'] : []), 'n'];
  return element(
    'div',
    { className: 'metrics-box' },
    element(
      'table',
      { className: 'metrics' },
      element('caption', {}, title),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          heads.map((text) => element('th', { scope: 'col' }, text)),
          element('td', { className: 'chart-cell' }, element('span', {}, '0'), element('span', {}, '1')),
        ),
      ),
      element(
        'tbody',
        {},
        metrics.map((metric) => rowOf(metric, hasRandom)),
      ),
    ),
  );
};

const introOf = ({ truth, profile, threshold, photos }: ReportEvaluation): string =>
  `${counted(photos, 'photo')} held against ${inSight(truth)}; boxes by the profile “${inSight(profile)}”, of what is above ${Number((threshold * 100).toFixed(1))} % of a map’s largest value.`;

/** What is missing of the photos, in sentences. */
const missingOf = ({ metrics, unreadable, lost }: ReportEvaluation): readonly string[] => [
  ...leftOutLines({ metrics: Object.fromEntries(metrics.map((metric) => [metric.name, metric])) }),
  ...(unreadable > 0 ? [`${counted(unreadable, 'line')} of manifest.jsonl could not be read`] : []),
  ...(lost > 0 ? [`${counted(lost, 'line')} of evaluation.jsonl cannot be read, or are of no photo of the run`] : []),
];

const listOf = (title: string, sentences: readonly string[]): HTMLElement =>
  element(
    'div',
    {},
    element('h2', {}, title),
    element(
      'ul',
      { className: 'left-out' },
      sentences.map((text) => element('li', {}, inSight(text))),
    ),
  );

/** All metrics with their intervals, beside maps that know nothing of the photo; their rules, and what was left out. */
export const truthNumbers = (evaluation: ReportEvaluation): HTMLElement => {
  const found = evaluation.metrics.filter(({ n }) => n > 0);
  const measured = found.filter(({ random }) => random !== undefined);
  const missing = missingOf(evaluation);
  return element(
    'section',
    { className: 'truth-numbers', ariaLabel: 'Numbers' },
    element('p', { className: 'intro' }, introOf(evaluation)),
    found.length === 0 ? element('p', { className: 'hint' }, 'Nothing could be computed.') : '',
    tableOf(
      'Against the truth',
      found.filter(({ random }) => random === undefined),
    ),
    tableOf('What the run measured', measured),
    element(
      'p',
      { className: 'hint' },
      'Dot: the value, with its 95 % interval. Centre, the upright line: a bright spot in the middle of each photo in place of its map, which a map must beat to say anything. Where the truth has masks, pointing and inside go by these; photos show their outlines.',
      measured.length > 0 ? ' Random, the dotted line: a map of chance.' : '',
    ),
    missing.length === 0 ? '' : listOf('Left out', missing),
    evaluation.remarks.length === 0 ? '' : listOf('What did not match', evaluation.remarks),
  );
};
