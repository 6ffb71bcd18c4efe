import { type JudgedLine, judger } from '../../src/evaluate/judge/judge.js';
import { type MetricName, metrics } from '../../src/evaluate/metrics/index.js';
import type { Metric, Result, Source } from '../../src/evaluate/metrics/metric.js';
import { profiles } from '../../src/evaluate/profiles/index.js';
import { SAMPLES, weigh } from '../../src/evaluate/statistics/weights.js';
import type { PhotoTruth } from '../../src/truth/truth.js';

interface Choices {
  readonly profile?: keyof typeof profiles;
  readonly threshold?: number;
  readonly source?: Source;
  readonly classes?: number;
  readonly blacklist?: readonly string[];
}

/** What a metric comes to for photos with what is true of them. */
export const resultOf = (
  name: MetricName,
  photos: readonly (readonly [line: JudgedLine, truth: PhotoTruth])[],
  { profile = 'photo', threshold = 0.2, source = 'map', classes = 1000, blacklist = [] }: Choices = {},
): Result => {
  const metric: Metric = metrics[name];
  const wanted = { sweep: false, any: false, scores: false, ...metric.wants };
  const judge = judger(profiles[profile], wanted, threshold, classes);
  const isBlacklisted = (photo: string) => blacklist.includes(photo);
  const { add, result } = metric.begin(source, { profile: profiles[profile], threshold, isBlacklisted });
  const weights = new Uint8Array(SAMPLES);
  for (const [line, truth] of photos) {
    weigh(line.photo, weights);
    add(judge(line, truth), weights);
  }
  return result();
};
