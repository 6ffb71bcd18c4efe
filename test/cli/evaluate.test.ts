import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/evaluate/evaluation.js';
import type { ManifestLine, PhotoLine } from '../../src/results/line.js';
import { gapcam, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { classes, failed, lineOf, mapWith, runFolder } from '../helpers/found-run.js';
import { called } from '../helpers/in-process.js';
import { expectRefusal, expectSentence, filesBelow, linesOf } from '../helpers/runs.js';

type Boxes = Readonly<Record<string, readonly (readonly [category: string, ...box: number[]])[]>>;

/** A COCO data set with these boxes (x, y, width, height) of photos of 120 x 80 pixels. */
const cocoFile = (photos: Boxes, extra: object = {}): string => {
  const names = [...new Set(Object.values(photos).flatMap((boxes) => boxes.map(([name]) => name)))];
  const images = Object.keys(photos).map((file_name, id) => ({ id, file_name, width: 120, height: 80 }));
  const annotations = Object.values(photos).flatMap((boxes, image_id) =>
    boxes.map(([name, ...bbox]) => ({ image_id, category_id: names.indexOf(name), bbox, iscrowd: 0 })),
  );
  const file = join(temporaryFolder(), 'truth.json');
  const coco = {
    images,
    annotations: annotations.map((annotation, id) => ({ id, area: 1, ...annotation, ...extra })),
    categories: names.map((name, id) => ({ id, name })),
  };
  writeFileSync(file, JSON.stringify(coco));
  return file;
};

// The map of `lineOf` is bright in two cells: above a fifth of it lie the pixels from 15 to 64, and down to 30.
const found = ['tench', 16, 0, 48, 30] as const;
const five = [0, 1, 2, 3, 4].map((index) => ({ class: index, label: classes[index], logit: 5 - index, score: 0.1 }));
const photo = (name: string, changed: object = {}) => lineOf(name, { predictions: five, ...changed });

const evaluationOf = (run: string): Evaluation => JSON.parse(readFileSync(join(run, 'evaluation.json'), 'utf8'));
const valueIn = (run: string, metric: string) => evaluationOf(run).metrics[metric].value;

const evaluated = (run: string, truth: string, ...words: readonly string[]) =>
  called(['evaluate', run, '--truth', truth, ...words]);

describe('gapcam evaluate', () => {
  it('prints a table of at most 100 columns, and writes both files into the folder of the run', async () => {
    const run = runFolder([photo('a.jpg'), failed, photo('b/c.jpg', { maps: [mapWith([23])] }), photo('d.jpg')]);
    const before = readFileSync(join(run, 'manifest.jsonl'), 'utf8');
    const truth = cocoFile({ 'a.jpg': [found], 'failed.jpg': [found], 'c.jpg': [found] });
    const { code, stdout, stderr } = await gapcam(['evaluate', run, '--truth', truth]);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(0);
    for (const line of linesOf(stdout)) expect(line.length).toBeLessThanOrEqual(100);
    expect(stdout).toMatch(/^GT-known +50\.0 +\d+\.\d to \d+\.\d +\d+\.\d +2 {2}photo: largest part/m);
    expect(stdout).toMatch(/^MaxBoxAccV2 +\d+\.\d /m);
    expect(stderr).toMatch(/1 not in the truth/);
    expect(stderr).toMatch(/1 photo, "d\.jpg", is not in .*truth\.json\./);
    expect(filesBelow(run)).toEqual(['evaluation.json', 'evaluation.jsonl', 'manifest.jsonl', 'run.json']);
    expect(readFileSync(join(run, 'manifest.jsonl'), 'utf8')).toBe(before);
    const lines = linesOf(readFileSync(join(run, 'evaluation.jsonl'), 'utf8')).map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { evaluation: 1, photo: 'a.jpg', class: 0, first: true, hit: true, near: true, truth: [[16, 0, 48, 30]] },
      { evaluation: 1, photo: 'failed.jpg', leftOut: 'failed' },
      { photo: 'b/c.jpg', hit: false, inside: 0, iou: 0 },
      { photo: 'd.jpg', leftOut: 'no-truth' },
    ]);
    expect(lines[0].iou).toBeGreaterThan(0.8);
    expect(lines[0].inside).toBeGreaterThan(0.8);
    const { metrics, perClass, ...rest } = evaluationOf(run);
    expect(rest).toMatchObject({ evaluation: 1, profile: 'photo', threshold: 0.2, photos: 4, unreadable: 0, lines: 4 });
    expect(metrics['top-1']).toMatchObject({ value: 1, n: 2, centre: null, leftOut: { failed: 1, 'no-truth': 1 } });
    expect(metrics.inside.centre?.value).toBeGreaterThan(0);
    expect(perClass).toMatchObject([{ class: 0, label: classes[0], metrics: { 'GT-known': { value: 0.5, n: 2 } } }]);
  });

  it('prints evaluation.json alone with --json, the metrics that are asked for, in upper or lower case', async () => {
    const run = runFolder([photo('a.jpg')]);
    const words = ['--json', '--metric', 'pointing,maxboxaccv2', '--metric', 'top-1'];
    const { code, stdout } = await evaluated(run, cocoFile({ 'a.jpg': [found] }), ...words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(evaluationOf(run));
    expect(Object.keys(JSON.parse(stdout).metrics)).toEqual(['top-1', 'MaxBoxAccV2', 'pointing']);
  });

  it('says the same each time, whatever was evaluated before', async () => {
    const run = runFolder([photo('a.jpg'), photo('b.jpg', { maps: [mapWith([9])] })]);
    const truth = cocoFile({ 'a.jpg': [found], 'b.jpg': [found] });
    await evaluated(run, truth);
    const files = ['evaluation.json', 'evaluation.jsonl'].map((name) => readFileSync(join(run, name), 'utf8'));
    await evaluated(run, truth, '--profile', 'wsol', '--metric', 'inside');
    await evaluated(run, truth);
    expect(['evaluation.json', 'evaluation.jsonl'].map((name) => readFileSync(join(run, name), 'utf8'))).toEqual(files);
  });

  it('judges boxes at another threshold, and as wsolevaluation draws them', async () => {
    const run = runFolder([photo('a.jpg')]);
    const truth = cocoFile({ 'a.jpg': [['tench', 20, 0, 40, 20]] });
    await evaluated(run, truth, '--threshold', '0.6');
    expect(valueIn(run, 'GT-known')).toBe(1);
    await evaluated(run, truth, '--profile', 'wsol', '--threshold', '0.01');
    expect(evaluationOf(run).metrics['GT-known'].rule).toMatch(/^wsol: 224 x 224, .* t 0\.01$/);
    expect(valueIn(run, 'GT-known')).toBe(0);
  });
});

describe('--fail-under', () => {
  const run = runFolder([photo('a.jpg'), photo('b.jpg', { maps: [mapWith([23])] })]);
  const truth = cocoFile({ 'a.jpg': [found], 'b.jpg': [found] });
  const ended = (...words: readonly string[]) => evaluated(run, truth, '--metric', 'top-1', ...words);

  it('ends with 1 and a sentence where a metric is below, and with 0 where it is as high', async () => {
    expect((await ended('--fail-under', 'GT-known=50')).code).toBe(0);
    const { code, stderr } = await ended('--fail-under', 'GT-known=50.1,top-1=100', '--fail-under', 'pointing=51');
    expect(code).toBe(1);
    expectSentence(linesOf(stderr).at(-2), /^GT-known is 50 %, below 50\.1 %\.$/);
    expectSentence(linesOf(stderr).at(-1), /^pointing is 50 %, below 51 %\.$/);
  });

  it('ends with 1 and a sentence where a metric cannot be computed', async () => {
    const { code, stderr } = await ended('--fail-under', 'PxAP=1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^PxAP not computed: 2 without a mask$/m);
    expectSentence(linesOf(stderr).at(-1), /^PxAP could not be computed, and 1 % is wanted\.$/);
  });

  it.each([
    [['--fail-under', 'MaxBoxAccV3=60'], /MaxBoxAccV3/],
    [['--fail-under', 'MaxBoxAcc'], /MaxBoxAccV2=60 for failUnder|MaxBoxAccV2=60/],
    [['--fail-under', 'MaxBoxAcc=101'], /MaxBoxAcc=101/],
    [['--fail-under', 'MaxBoxAcc=0.5'], /less than 1 %.* MaxBoxAcc=50 for a share of 0.5/],
    [['--fail-under', 'CLS-LOC-error=10'], /more is worse/],
    [['--metric', 'accuracy'], /accuracy/],
    [['--threshold', '1'], /below 1/],
    [['--profile', 'imagenet'], /imagenet/],
  ])('and other words are refused where they are wrong: %s', async (words, about) => {
    expectRefusal(await evaluated(run, truth, ...words), about);
  });
});

describe('what cannot be evaluated is refused in a sentence, and nothing is written', () => {
  const nothingWritten = (run: string) => expect(existsSync(join(run, 'evaluation.jsonl'))).toBe(false);

  it('a folder without a run', async () => {
    expectRefusal(await evaluated(temporaryFolder(), cocoFile({ 'a.jpg': [found] })), /no run\.json/);
  });

  it('a run that notes no truth, where none is given', async () => {
    const run = runFolder([photo('a.jpg')]);
    expectRefusal(await called(['evaluate', run]), /had no --truth/);
    expectRefusal(await called(['evaluate', run, '--map-classes', 'map.csv']), /--truth/);
    nothingWritten(run);
  });

  it('a run whose truth had no entry for any of its photos: it may be the wrong one', async () => {
    const run = runFolder([photo('a.jpg'), failed]);
    const file = join(run, 'run.json');
    const settings = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...settings, options: { ...settings.options, truth: 'others.json (1a2b)' } }));
    // Of the photo that failed something is known.
    expect((await called(['evaluate', run, '--fail-under', 'top-1=0'])).code).toBe(1);
    writeFileSync(join(run, 'manifest.jsonl'), `${JSON.stringify(photo('a.jpg'))}\n`);
    expectRefusal(await called(['evaluate', run]), /its --truth, others\.json \(1a2b\), had no entry; give evaluate a/);
  });

  it('a list of photos to be left out that is not there, at once', async () => {
    const run = runFolder([photo('a.jpg')]);
    const words = ['--truth', cocoFile({ 'a.jpg': [found] }), '--blacklist', join(run, 'none.txt')];
    // The command itself, since what goes on after a refusal would keep it from ending.
    expectRefusal(await gapcam(['evaluate', run, ...words]), /none\.txt/);
    nothingWritten(run);
  });

  it('a truth of other photos', async () => {
    const run = runFolder([photo('a.jpg')]);
    expectRefusal(await evaluated(run, cocoFile({ 'z.jpg': [found] })), /no entry for any of the photos.*z\.jpg/);
    nothingWritten(run);
  });

  it('photos that were cropped, as wsolevaluation knows whole ones alone', async () => {
    const run = runFolder([photo('a.jpg', { seen: [20, 0, 80, 80], field: [20, 0, 80, 80] })]);
    const truth = cocoFile({ 'a.jpg': [found] });
    expectRefusal(await evaluated(run, truth, '--profile', 'wsol'), /80 x 80 pixels at 20, 0 of a\.jpg/);
    nothingWritten(run);
    expect((await evaluated(run, truth)).code).toBe(0);
  });

  it('cells that have no places', async () => {
    const run = runFolder([photo('a.jpg')]);
    const settings = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
    writeFileSync(join(run, 'run.json'), JSON.stringify({ ...settings, head: { kind: 'exact', layout: 'row' } }));
    expectRefusal(await evaluated(run, cocoFile({ 'a.jpg': [found] })), /have no places/);
  });

  it.each(['evaluation.json', 'evaluation.jsonl'])("a folder that has somebody else's %s", async (name) => {
    const truth = cocoFile({ 'a.jpg': [found] });
    const [file, folder, link] = [
      runFolder([photo('a.jpg')]),
      runFolder([photo('a.jpg')]),
      runFolder([photo('a.jpg')]),
    ];
    writeFileSync(join(file, name), '{"mine": 1}');
    mkdirSync(join(folder, name));
    symlinkSync(join(file, name), join(link, name));
    for (const run of [file, folder, link])
      expectRefusal(await evaluated(run, truth), new RegExp(`${name} in .*none of gapcam's`));
    expect(readFileSync(join(file, name), 'utf8')).toBe('{"mine": 1}');
  });
});

describe('photos of which nothing is known', () => {
  it('count in what the run measured, which asks for no truth', async () => {
    const measured = (score: number) => {
      const reading = { score };
      const measures = [
        { measure: 'deletion', profile: 'rise', score, baselines: { random: reading, centre: { score: 0.5 } } },
        { measure: 'luck', profile: 'rise', score: 9, baselines: { random: reading, centre: reading } },
      ];
      return { maps: [mapWith([1, 2], { measures })] };
    };
    const run = runFolder([photo('a.jpg', measured(0.25)), photo('b.jpg', measured(0.5)), photo('c.jpg', measured(0))]);
    const truth = cocoFile({ 'a.jpg': [found], 'c.jpg': [['tench', 500, 500, 9, 9]] });
    await evaluated(run, truth);
    const { metrics } = evaluationOf(run);
    expect(Object.keys(metrics).filter((name) => /deletion|luck/.test(name))).toEqual(['deletion (rise)']);
    expect(metrics['deletion (rise)']).toMatchObject({
      value: 0.25,
      n: 3,
      isError: true,
      centre: { value: 0.5 },
      random: { value: 0.25 },
    });
  });

  it('end with 1 and the reason where none is left that any metric could be computed of', async () => {
    const run = runFolder([photo('a.jpg'), photo('b.jpg')]);
    const { code, stdout, stderr } = await evaluated(run, cocoFile({ 'a.jpg': [['zebra', 1, 1, 9, 9]] }));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/not computed: 1 of classes that the network lacks, 1 not in the truth/);
    expectSentence(
      linesOf(stderr).at(-1),
      /^No metric could be computed: all of 2 photos are left out, for the reasons/,
    );
    // A threshold of 0 is not reached by nothing.
    const low = await evaluated(run, cocoFile({ 'a.jpg': [['zebra', 1, 1, 9, 9]] }), '--fail-under', 'top-1=0');
    expect([low.code, linesOf(low.stderr).at(-1)]).toEqual([1, 'top-1 could not be computed, and 0 % is wanted.']);
    expect(evaluationOf(run).photos).toBe(2);
  });

  it('are left out with the reason: no map of the true class, a class that the network lacks, no object', async () => {
    const run = runFolder(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((name) => photo(name)));
    const crane = ['rocket', 1, 1, 9, 9] as const;
    const truth = cocoFile({ 'a.jpg': [found], 'b.jpg': [crane], 'c.jpg': [['zebra', 1, 1, 9, 9]], 'd.jpg': [] });
    const { code, stderr } = await evaluated(run, truth, '--metric', 'GT-known,top-1');
    expect(code).toBe(0);
    expect(evaluationOf(run).metrics['GT-known']).toMatchObject({
      n: 1,
      leftOut: { 'no-map': 1, 'unknown-class': 1, 'no-object': 1 },
    });
    expect(stderr).toMatch(/GT-known left out: .*1 without a map of the true class; gapcam --truth makes one/);
    expect(stderr).toMatch(/zebra/);
  });

  it('of which boxes reach beyond are counted, by a truth that is given and by what the run noted', async () => {
    const wide = ['tench', 16, 0, 400, 30] as const;
    const objects = [{ name: 'tench', class: 0, box: [16, 0, 400, 30] as const }];
    const run = runFolder([photo('a.jpg'), photo('b.jpg', { truth: { objects } })], { truth: 'truth.json (0123abcd)' });
    const { stderr } = await evaluated(run, cocoFile({ 'a.jpg': [found, found], 'b.jpg': [wide] }));
    const begin = (all: number) =>
      `1 of ${all} ${all === 1 ? 'box reaches beyond its photo' : 'boxes reach beyond their photos'}`;
    const sentence = `${begin(3)}, the first in "b.jpg"; COCO's are x, y, width and height, in pixels.`;
    expect(evaluationOf(run).remarks).toEqual([sentence]);
    expect(linesOf(stderr)).toContain(sentence);
    await called(['evaluate', run]);
    expect(evaluationOf(run).remarks).toEqual([`${begin(1)}, the first in "b.jpg".`]);
  });

  it('whose truth is damaged are left out, and the first fault is said: exit code 1', async () => {
    const run = runFolder([photo('a.jpg'), photo('b.jpg')]);
    const truth = cocoFile({ 'a.jpg': [found], 'b.jpg': [['tench', 500, 500, 9, 9]] });
    const { code, stderr } = await evaluated(run, truth);
    expect(code).toBe(1);
    expect(stderr).toMatch(/outside of its photo/);
    expect(evaluationOf(run).metrics['top-1']).toMatchObject({ n: 1, leftOut: { 'bad-truth': 1 } });
  });

  it('are matched by their paths before their file names, whichever comes first, and by names in other folders with a word', async () => {
    const run = runFolder([photo('y/a.jpg'), photo('x/a.jpg'), photo('w/b.jpg'), photo('u/c.jpg'), photo('v/c.jpg')]);
    const truth = cocoFile({ 'x/a.jpg': [found], 'z/b.jpg': [found], 'c.jpg': [found] });
    const { code, stderr } = await evaluated(run, truth);
    expect(code).toBe(1);
    expect(stderr).toMatch(/"y\/a.jpg" and another photo of the same name would both be the entry/);
    const sentence =
      /1 photo was found in .*truth\.json by the end of the path alone, in another folder: "w\/b\.jpg" is "z\/b\.jpg" there\./;
    expect(stderr).toMatch(sentence);
    expect(evaluationOf(run).remarks).toEqual([expect.stringMatching(sentence)]);
    expect(evaluationOf(run).remarks[0]).toMatch(/^1 photo was found in truth\.json by/);
    const lines = linesOf(readFileSync(join(run, 'evaluation.jsonl'), 'utf8')).map((line) => JSON.parse(line));
    expect(lines.map(({ photo, leftOut, entry }) => [photo, leftOut, entry])).toEqual([
      ['y/a.jpg', 'bad-truth', undefined],
      ['x/a.jpg', undefined, undefined],
      ['w/b.jpg', undefined, 'z/b.jpg'],
      ['u/c.jpg', 'bad-truth', undefined],
      ['v/c.jpg', 'bad-truth', undefined],
    ]);
  });

  it('are said to lie in other folders also where the run noted that', async () => {
    const objects = [{ name: 'tench', class: 0, box: [16, 0, 48, 30] as const }];
    const lines = [photo('w/b.jpg', { truth: { entry: 'z/b.jpg', objects } }), photo('a.jpg', { truth: { objects } })];
    const run = runFolder(lines, { truth: 'truth.json (0123abcd)' });
    const { code, stderr } = await called(['evaluate', run]);
    expect(code).toBe(0);
    expect(stderr).toContain('1 photo was found in truth.json (0123abcd) by the end of the path alone');
    expect(evaluationOf(run).remarks).toHaveLength(1);
  });

  it('count once: the newest line of a photo', async () => {
    const run = runFolder([photo('a.jpg', { maps: [mapWith([23])] }), photo('a.jpg')]);
    await evaluated(run, cocoFile({ 'a.jpg': [found] }));
    expect(evaluationOf(run)).toMatchObject({ photos: 1, metrics: { 'GT-known': { value: 1, n: 1 } } });
  });
});

describe('a manifest that anybody may have written', () => {
  const truth = cocoFile({ 'a.jpg': [found] });

  it('costs no more than its damaged lines: torn, numbers that are none, grids of no cells, classes beyond the last', async () => {
    const whole = JSON.stringify(photo('b.jpg'));
    const damaged = [
      whole.slice(0, 200),
      whole.replace('"max":8', '"max":null'),
      whole.replace('"grid":[4,6]', '"grid":[0,24]'),
      whole.replaceAll('"class":0', '"class":99999'),
      whole.replace(/"map":\[[^\]]*\]/, '"map":[1e999]'),
      '{"photo": "b.jpg", "error": {}}',
      '[]',
    ];
    const hostile = damaged.map((line, i) => line.replace('b.jpg', `${i}.jpg`));
    const run = runFolder([photo('a.jpg'), ...hostile]);
    const { code, stderr } = await evaluated(run, truth);
    expect(code).toBe(1);
    expect(evaluationOf(run)).toMatchObject({ photos: 1, metrics: { 'GT-known': { value: 1, n: 1 } } });
    expect(evaluationOf(run).unreadable).toBe(hostile.length);
    expect(stderr).toMatch(/lines of manifest\.jsonl could not be read/);
  });

  it.each<[string, Partial<PhotoLine>]>([
    ['one cell', { maps: [mapWith([], { grid: [1, 1], map: [3] })] }],
    ['40 x 40 cells', { maps: [mapWith([], { grid: [40, 40], map: Array.from({ length: 1600 }, (_, i) => i % 41) })] }],
    ['more cells than pixels', { width: 3, height: 2, seen: [0, 0, 3, 2], field: [0, 0, 3, 2] }],
    ['no evidence', { maps: [mapWith([], { map: Array(24).fill(-1), min: -1, max: -1 })] }],
    ['a field outside of the photo', { field: [1000, 1000, 10, 10], seen: [1000, 1000, 10, 10] }],
    ['a field of a millionth of a pixel', { field: [0, 0, 1e-6, 1e-6], seen: [0, 0, 1e-6, 1e-6] }],
    ['a field larger than any photo', { field: [-1e9, -1e9, 2e9, 2e9] }],
    ['a photo of one column', { width: 1, height: 268_435_456, seen: [0, 0, 1, 268_435_456] }],
  ])('is evaluated where a photo has %s', async (_, changed) => {
    const { width = 120, height = 80 } = changed;
    const run = runFolder([photo('a.jpg', changed)]);
    const file = cocoFile({ 'a.jpg': [['tench', 0, 0, Math.min(width, 48), Math.min(height, 30)]] });
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"width":120,"height":80', `"width":${width},"height":${height}`),
    );
    expect((await evaluated(run, file)).code).toBe(0);
    for (const { value, centre } of Object.values(evaluationOf(run).metrics)) {
      for (const share of [value, centre?.value ?? null]) {
        if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
      }
    }
  });

  it('says nothing that a terminal would act on, whatever its labels and photos are called', async () => {
    const run = runFolder([photo('\u001b[31mred.jpg'), photo('a.jpg')]);
    const { stdout, stderr } = await gapcam(['evaluate', run, '--truth', truth, '--json']);
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
    expect(JSON.parse(stdout)).toEqual(evaluationOf(run));
  });
});

describe('an interruption', () => {
  it('ends with 130, and leaves nothing but an earlier evaluation as it was', async () => {
    const text = JSON.stringify(photo('NAME.jpg'));
    const names = Array.from({ length: 20_000 }, (_, i) => `${i}`);
    const run = runFolder(names.map((name) => text.replace('NAME', name)));
    const earlier = '{"evaluation":1,"photo":"of before"}\n';
    writeFileSync(join(run, 'evaluation.jsonl'), earlier);
    const truth = cocoFile({ '19999.jpg': [found] });
    const { child, outcome, until } = start(['evaluate', run, '--truth', truth]);
    await until(() => existsSync(join(run, '.gapcam')));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await outcome;
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).not.toContain('    at ');
    expect(filesBelow(run)).toEqual(['evaluation.jsonl', 'manifest.jsonl', 'run.json']);
    expect(readFileSync(join(run, 'evaluation.jsonl'), 'utf8')).toBe(earlier);
  });
});

describe('an evaluated run', () => {
  const lines: readonly ManifestLine[] = [photo('a.jpg'), photo('b.jpg')];
  const truth = cocoFile({ 'a.jpg': [found], 'b.jpg': [found] });

  it('is merged, converted and reported on as any other: its evaluation is of no matter', async () => {
    const run = runFolder(lines);
    await evaluated(run, truth);
    const settings = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
    writeFileSync(join(run, 'run.json'), JSON.stringify({ ...settings, complete: true }));
    const target = join(temporaryFolder(), 'out');
    expect((await called(['merge', run, '-o', join(target, 'merged')])).code).toBe(0);
    expect((await called(['convert', run, '--to', 'csv', '-o', join(target, 'csv')])).code).toBe(0);
    expect((await called(['report', run])).code).toBe(0);
    expect(existsSync(join(target, 'merged', 'evaluation.json'))).toBe(false);
    expect(filesBelow(join(target, 'csv'))).toEqual(['boxes.csv']);
    expect(filesBelow(run)).toContain('evaluation.json');
  });

  it('that goes on is evaluated anew as a whole', async () => {
    const run = runFolder(lines);
    await evaluated(run, truth);
    appendFileSync(join(run, 'manifest.jsonl'), `${JSON.stringify(photo('b.jpg', { maps: [mapWith([23])] }))}\n`);
    await evaluated(run, truth);
    expect(evaluationOf(run)).toMatchObject({ photos: 2, metrics: { 'GT-known': { value: 0.5 } } });
  });
});
