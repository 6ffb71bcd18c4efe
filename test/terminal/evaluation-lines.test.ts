import { describe, expect, it } from 'vitest';
import type { Evaluation, MetricResult } from '../../src/evaluate/evaluation.js';
import { leftOutLines } from '../../src/evaluate/words.js';
import { belowLines, evaluationTable } from '../../src/terminal/evaluation-lines.js';

const result = (changed: Partial<MetricResult> = {}): MetricResult => ({
  value: 0.75,
  ci95: [0.5, 1],
  n: 50_000,
  centre: { value: 0.12345, ci95: [0.1, 0.2] },
  rule: 'some rule of many words that has to be broken over several lines, since it is longer than the table is wide',
  leftOut: {},
  ...changed,
});

const evaluationOf = (metrics: Evaluation['metrics']): Evaluation => ({
  evaluation: 1,
  version: '0.1.0',
  lines: 1,
  newest: 0,
  truth: 'truth.json',
  profile: 'photo',
  threshold: 0.2,
  photos: 1,
  unreadable: 0,
  remarks: [],
  metrics,
  perClass: [],
});

describe('the table of an evaluation', () => {
  it('has its numbers below each other and at most 100 columns, however long a name and a rule are', () => {
    const lines = evaluationTable(
      evaluationOf({
        'top-1': result({ centre: null, rule: 'short' }),
        'insertion (openvino-xai)': result({ value: -0.1, ci95: [-0.25, 0.05], n: 3 }),
        MaxBoxAccV2: result({ at: { 30: { value: 1, threshold: 0.1 }, 50: { value: 1, threshold: 0.25 } } }),
      }),
    );
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    const place = lines[0].indexOf('rule');
    for (const line of lines) expect(line.slice(place - 2, place)).toBe('  ');
    expect(lines.filter((line) => /\d {2}\w/.test(line)).map((line) => line.slice(0, place).trim())).toEqual([
      expect.stringMatching(/^top-1 +75\.0 +50\.0 to 100\.0 +- +50000$/),
      expect.stringMatching(/^insertion \(openvino-xai\) +-10\.0 +-25\.0 to 5\.0 +12\.3 +3$/),
      expect.stringMatching(/^MaxBoxAccV2 +75\.0 +50\.0 to 100\.0 +12\.3 +50000$/),
    ]);
    expect(lines.map((line) => line.slice(place)).join(' ')).toContain('; best t 0.100, 0.250');
  });

  it('leaves out what has no case, which is said with the reason, once for all metrics alike', () => {
    const none = result({ n: 0, value: null, ci95: null, leftOut: { 'no-mask': 2 } });
    const evaluation = evaluationOf({
      PxAP: none,
      'top-1': result({ leftOut: { failed: 1 } }),
      inside: result({ leftOut: { failed: 1 } }),
    });
    expect(evaluationTable(evaluation).join('\n')).not.toContain('PxAP');
    expect(leftOutLines(evaluation)).toEqual([
      'PxAP not computed: 2 without a mask',
      'top-1, inside left out: 1 failed',
    ]);
    expect(evaluationTable(evaluationOf({ PxAP: none }))).toEqual([]);
  });
});

describe('a least value', () => {
  it('is met by a metric that is as high, in percent', () => {
    const evaluation = evaluationOf({ inside: result({ value: 0.57 }) });
    expect(belowLines(evaluation, [{ metric: 'inside', percent: 57 }])).toEqual([]);
    expect(belowLines(evaluation, [{ metric: 'inside', percent: 57.01 }])).toEqual(['inside is 57 %, below 57.01 %.']);
  });
});
