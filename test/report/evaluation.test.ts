import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JudgedEntry } from '../../src/report/data.js';
import { readEvaluation } from '../../src/report/evaluation.js';
import { isCurrent, writeReport } from '../../src/report/write.js';
import type { PhotoLine } from '../../src/results/line.js';
import { openStore } from '../../src/stores/index.js';
import { evaluated, evaluationText } from '../helpers/evaluations.js';
import { dataOf, lineOf, runFolder, runOf } from '../helpers/reports.js';

const labels = ['cat', 'dog', 'ship'];
const truth = {
  'a.jpg': [
    ['cat', [80, 10, 100, 120]],
    ['cat', [200, 150, 60, 60]],
    ['ship', [100, 100, 90, 80]],
  ],
  'c.jpg': [['dog', [90, 20, 200, 200]]],
} as const;

/** A photo's line with when it was explained, in a run's order of the keys. */
const at = (explained: number, { photo, ...line }: PhotoLine) => ({ photo, explained, ...line });

/** A run of three photos, of which one is not in the truth, evaluated. */
const evaluatedRun = async (): Promise<string> => {
  const lines = ['a.jpg', 'b.jpg', 'c.jpg'].map((photo, seed) => lineOf({ photo, classes: [0, 1] }, labels, seed + 1));
  const output = runFolder(lines.map((line, i) => at(1000 + i, line)));
  await evaluated(output, truth);
  return output;
};

const reported = async (output: string) => {
  await writeReport(output);
  const photos = dataOf(output, 'photos') as { photo: string; judged?: JudgedEntry[] }[];
  return { evaluation: runOf(output).evaluation, judged: photos.map((photo) => photo.judged) };
};

/** Lines of a run's evaluation.jsonl, as values. */
const linesOf = (output: string): Record<string, unknown>[] =>
  evaluationText(output, 'evaluation.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const write = (output: string, name: string, content: unknown): void =>
  writeFileSync(join(output, name), typeof content === 'string' ? content : JSON.stringify(content));

describe('an evaluation in the report', () => {
  it('is joined to the photos, each true class with its boxes and what its map came to', async () => {
    const output = await evaluatedRun();
    const { evaluation, judged } = await reported(output);
    const [cat, ship, , dog] = linesOf(output);
    expect(judged[0]).toEqual([
      {
        class: 0,
        first: true,
        truth: [
          [80, 10, 100, 120],
          [200, 150, 60, 60],
        ],
        map: {
          box: (cat.box as number[]).map((value) => Number(value.toFixed(2))),
          iou: Number((cat.iou as number).toFixed(4)),
          point: cat.point,
          near: cat.near,
          hit: cat.hit,
          inside: Number((cat.inside as number).toFixed(4)),
        },
      },
      { class: 2, first: false, truth: [[100, 100, 90, 80]], leftOut: 'no-map' },
    ]);
    expect(ship.leftOut).toBe('no-map');
    expect(judged[1]).toBeUndefined();
    expect(judged[2]).toMatchObject([{ class: 1, first: false, map: { hit: dog.hit } }]);
    expect(evaluation).toMatchObject({ profile: 'photo', threshold: 0.2, photos: 3, unreadable: 0, lost: 0 });
    const stated = JSON.parse(evaluationText(output, 'evaluation.json'));
    for (const { name, ...metric } of evaluation.metrics) expect(metric, name).toEqual(stated.metrics[name]);
    expect(evaluation.metrics).toHaveLength(Object.keys(stated.metrics).length);
    const classes = dataOf(output, 'classes') as { class: number; metrics: Record<string, number[]> }[];
    expect(classes.map((one) => one.class)).toEqual(stated.perClass.map((one: { class: number }) => one.class));
    const { value, n, ci95, centre } = stated.perClass[0].metrics['GT-known'];
    expect(classes[0].metrics['GT-known']).toEqual([value, n, ci95, centre]);
  });

  it('makes another report of the same photos, and is no part of one without it', async () => {
    const output = await evaluatedRun();
    await writeReport(output);
    const { data } = runOf(output);
    expect(await isCurrent(output)).toBe(true);
    for (const name of ['evaluation.json', 'evaluation.jsonl']) rmSync(join(output, name));
    expect(await isCurrent(output)).toBe(false);
    const { evaluation, judged } = await reported(output);
    expect(runOf(output).data).not.toBe(data);
    expect(evaluation).toBeUndefined();
    expect(judged).toEqual([undefined, undefined, undefined]);
  });

  it('is left out where the run went on, or explained a photo again', async () => {
    const output = await evaluatedRun();
    const line = JSON.stringify(at(1002, lineOf({ photo: 'd.jpg' }, labels)));
    appendFileSync(join(output, 'manifest.jsonl'), `${line}\n`);
    expect(await reported(output)).toMatchObject({
      evaluation: 'stale',
      judged: [undefined, undefined, undefined, undefined],
    });
    const again = ['a.jpg', 'b.jpg', 'c.jpg'].map((photo, i) => at(1001 + i, lineOf({ photo }, labels)));
    write(output, 'manifest.jsonl', again.map((one) => `${JSON.stringify(one)}\n`).join(''));
    expect((await reported(output)).evaluation).toBe('stale');
  });

  it("leaves out somebody's own files of the same names", async () => {
    const output = await evaluatedRun();
    write(output, 'evaluation.json', '{"my": "own"}');
    expect((await reported(output)).evaluation).toBeUndefined();
    rmSync(join(output, 'evaluation.json'));
    mkdirSync(join(output, 'evaluation.json'));
    expect((await reported(output)).evaluation).toBeUndefined();
    expect(runOf(output).explained).toBe(3);
  });
});

type Json = Record<string, unknown>;

const metricWith = (fields: Json) => (value: Json) => ({
  ...value,
  metrics: { pointing: { value: 0.5, ci95: null, n: 1, rule: 'r', centre: null, leftOut: {}, ...fields } },
});

/** evaluation.json as no evaluation writes it, though it begins as one does. */
const damages: readonly (readonly [what: string, change: (value: Json) => unknown])[] = [
  ['nothing but its beginning', () => '{"evaluation":1'],
  ['a version to come', (value) => ({ ...value, evaluation: 2 })],
  [
    'nested lists',
    (value) => `{"evaluation":1,"deep":${'['.repeat(5000)}${']'.repeat(5000)},${JSON.stringify(value).slice(1)}`,
  ],
  ['no metrics', ({ metrics: _, ...rest }) => rest],
  ['metrics that are a list', (value) => ({ ...value, metrics: [] })],
  ['a value that is a word', metricWith({ value: '<img src=x>' })],
  ['an interval of one end', metricWith({ ci95: [0.5] })],
  ['a negative number of photos', metricWith({ n: -1 })],
  ['a rule that is an object', metricWith({ rule: {} })],
  ['a rule of a book', metricWith({ rule: 'x'.repeat(5000) })],
  ['a centre that is a number', metricWith({ centre: 0.5 })],
  ['reasons that are words', metricWith({ leftOut: { failed: 'all' } })],
  ['thresholds that are nothing', metricWith({ at: { 50: null } })],
  [
    'more metrics than there are',
    (value) => ({ ...value, metrics: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i, {}])) }),
  ],
  ['a truth that is an object', (value) => ({ ...value, truth: {} })],
  [
    'an infinite threshold',
    (value) => JSON.stringify({ ...value, threshold: 7 }).replace('"threshold":7', '"threshold":1e400'),
  ],
];

/** Fields of a line as no evaluation writes them. */
const fields: readonly (readonly [what: string, fields: Json])[] = [
  ['another version', { evaluation: 2 }],
  ['a class beyond the last', { class: 3 }],
  ['a class that is half of one', { class: 0.5 }],
  ['a class below the first', { class: -1 }],
  ['a box of three numbers', { box: [1, 2, 3] }],
  ['a box of negative sides', { box: [1, 2, -3, 4] }],
  ['true boxes of words', { truth: [['a', 'b', 'c', 'd']] }],
  ['true boxes that are none', { truth: 'all' }],
  ['an overlap above 1', { iou: 1.01 }],
  ['an overlap below 0', { iou: -0.01 }],
  ['evidence that is a word', { inside: '<b>' }],
  ['a point of one number', { point: [1] }],
  ['a hit that is a word', { hit: 'yes' }],
  ['a reason that nobody knows', { leftOut: '__proto__' }],
];

describe('an evaluation that somebody tampered with', () => {
  it('is said to be damaged where its numbers are, whatever is in their place', async () => {
    const output = await evaluatedRun();
    const sound = JSON.parse(evaluationText(output, 'evaluation.json'));
    for (const [what, change] of damages) {
      write(output, 'evaluation.json', change(sound));
      expect(await readEvaluation(openStore(output), labels.length), what).toBe('damaged');
    }
    write(output, 'evaluation.json', sound);
    rmSync(join(output, 'evaluation.jsonl'));
    expect(await reported(output)).toMatchObject({ evaluation: 'damaged', judged: [undefined, undefined, undefined] });
  });

  it('takes no class twice, none that the run has not, and no field that it does not know', async () => {
    const output = await evaluatedRun();
    const sound = JSON.parse(evaluationText(output, 'evaluation.json'));
    const [first] = sound.perClass;
    const hostile = [
      null,
      7,
      { class: 99, metrics: first.metrics },
      { ...first, label: '<img>' },
      first,
      { class: 1, metrics: 'all' },
    ];
    write(output, 'evaluation.json', { ...sound, perClass: hostile, more: '<img>' });
    await reported(output);
    expect(dataOf(output, 'classes')).toMatchObject([{ class: first.class }]);
    expect(JSON.stringify([runOf(output).evaluation, dataOf(output, 'classes')])).not.toContain('<img>');
  });

  it('keeps the lines that are sound, and counts the others', async () => {
    const output = await evaluatedRun();
    const sound = linesOf(output);
    const bad = fields.map(([, change]) => JSON.stringify({ ...sound[0], ...change }));
    const torn = ['{"evaluation":1,"photo":', '7', `{"evaluation":1,"photo":"a.jpg","x":"${'x'.repeat(2 ** 20)}"}`];
    const lines = [sound[0], ...bad, ...torn, ...sound.slice(1)];
    write(
      output,
      'evaluation.jsonl',
      lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    );
    const { evaluation, judged } = await reported(output);
    expect(evaluation.lost).toBe(bad.length + torn.length);
    expect(judged.map((entries) => entries?.length)).toEqual([2, undefined, 1]);
    expect(judged[0]?.every(({ map, leftOut }) => map !== undefined || leftOut === 'no-map')).toBe(true);
  });

  it('counts lines of photos that the run has not, and those behind them', async () => {
    const output = await evaluatedRun();
    const [first, second, ...others] = linesOf(output);
    const strange = { ...first, photo: '../../etc/passwd' };
    write(
      output,
      'evaluation.jsonl',
      [first, second, strange, ...others].map((line) => JSON.stringify(line)).join('\n'),
    );
    const { evaluation, judged } = await reported(output);
    expect(judged.map((entries) => entries?.length)).toEqual([2, undefined, undefined]);
    expect(evaluation.lost).toBe(1 + others.length);
  });

  it('has outlines of masks drawn, as far as they are any', async () => {
    const output = await evaluatedRun();
    const [first, ...others] = linesOf(output);
    const outlineOf = async (outlines: unknown) => {
      const lines = [{ ...first, outlines }, ...others];
      write(output, 'evaluation.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
      return (await reported(output)).judged[0]?.[0].outline;
    };
    const corners = [10, 20, 30, 20, 30, 5];
    expect(await outlineOf([corners, [1, 1, 2, 2]])).toBe('M10 20l20 0 0-15z');
    const long = Array.from({ length: 1996 }, (_, i) => i);
    expect(await outlineOf([long, corners])).toMatch(/^M0 1l[^M]*z$/);
    for (const none of [[], 7, 'M0 0', [corners.map(String)], [[0.5, ...corners.slice(1)]], [[...corners, 7]]]) {
      expect(await outlineOf(none), JSON.stringify(none)).toBeUndefined();
    }
  });

  it('has no more boxes drawn of a class than anybody could tell apart, and says how many are not', async () => {
    const output = await evaluatedRun();
    const [first, ...others] = linesOf(output);
    const boxes = (count: number) => Array.from({ length: count }, (_, i) => [i, i, 1, 1]);
    for (const [count, more] of [
      [200, undefined],
      [201, 1],
    ] as const) {
      const lines = [{ ...first, truth: boxes(count) }, ...others];
      write(output, 'evaluation.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
      const [judged] = (await reported(output)).judged;
      expect(judged?.[0].truth).toHaveLength(200);
      expect(judged?.[0].more).toBe(more);
    }
  });
});
