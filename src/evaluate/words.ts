import type { MetricResult } from './evaluation.js';
import type { LeftOut } from './judged.js';

/** Words for what an evaluation came to. */

/** Why photos or maps are in no result, and what a person can do. */
export const reasons: Record<LeftOut, string> = {
  'no-truth': 'not in the truth',
  'bad-truth': 'whose truth is damaged',
  failed: 'failed',
  'no-object': 'without an object',
  'unknown-class': 'of classes that the network lacks',
  'no-map': 'without a map of the true class; gapcam --truth makes one',
  'no-place': 'without a true place',
  'no-mask': 'without a mask',
  difficult: 'difficult',
  'few-predictions': 'with fewer than five predictions noted; gapcam --top 5 notes them',
  blacklisted: 'on the blacklist',
};

const leftOutWords = ({ leftOut }: MetricResult): string =>
  Object.entries(leftOut)
    .map(([reason, count]) => `${count} ${reasons[reason as LeftOut]}`)
    .join(', ');

/** Why metrics lack photos, or are not computed: a line for those that lack the same. */
export const leftOutLines = (metrics: Readonly<Record<string, MetricResult>>): readonly string[] => {
  const groups = new Map<string, string[]>();
  for (const [name, result] of Object.entries(metrics)) {
    const words = leftOutWords(result);
    if (words === '') continue;
    const line = `${result.n === 0 ? 'not computed' : 'left out'}: ${words}`;
    groups.set(line, [...(groups.get(line) ?? []), name]);
  }
  return [...groups].map(([words, names]) => `${names.join(', ')} ${words}`);
};

const percent = (value: number): string => (value * 100).toFixed(1);

/** What a metric that looks for the best threshold found at each overlap. */
export const thresholdWords = ({ at }: Pick<MetricResult, 'at'>): string =>
  at === undefined
    ? ''
    : `; ${Object.entries(at)
        .map(
          ([overlap, { value, threshold }]) => `${percent(value)} at IoU 0.${overlap[0]} (t ${threshold.toFixed(3)})`,
        )
        .join(', ')}`;
