import type { Evaluation, MetricResult } from './evaluation.js';
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
export const leftOutLines = ({ metrics }: Pick<Evaluation, 'metrics'>): readonly string[] => {
  const groups = new Map<string, string[]>();
  for (const [name, result] of Object.entries(metrics)) {
    const words = leftOutWords(result);
    if (words === '') continue;
    const line = `${result.n === 0 ? 'not computed' : 'left out'}: ${words}`;
    groups.set(line, [...(groups.get(line) ?? []), name]);
  }
  return [...groups].map(([words, names]) => `${names.join(', ')} ${words}`);
};

/** The thresholds that are best for all maps, of MaxBoxAcc that for boxes that overlap by half. Empty where none is looked for. */
export const thresholdWords = (name: string, { at }: Pick<MetricResult, 'at'>): string => {
  if (at === undefined) return '';
  const counted = Object.entries(at).filter(([overlap]) => name !== 'MaxBoxAcc' || overlap === '50');
  return `; best t ${counted.map(([, { threshold }]) => threshold.toFixed(3)).join(', ')}`;
};
