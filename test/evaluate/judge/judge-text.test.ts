import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JudgeSetup, textJudger } from '../../../src/evaluate/judge/judge-text.js';
import type { PhotoLine } from '../../../src/results/line.js';
import { openTruth } from '../../../src/truth/index.js';
import { truthRecord } from '../../../src/truth/record.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { classes, lineOf } from '../../helpers/found-run.js';

const setup: JudgeSetup = {
  profile: 'photo',
  wanted: { sweep: true, any: true, scores: true },
  threshold: 0.2,
  classes: classes.length,
  recorded: false,
};

const size = { width: 120, height: 80 };
const coco = {
  images: [{ id: 1, file_name: 'a.jpg', ...size }],
  categories: [{ id: 1, name: 'tench' }],
  annotations: [
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      area: 1,
      iscrowd: 0,
      bbox: [10, 0, 50, 20],
      segmentation: [[10, 0, 60, 0, 60, 20, 10, 20]],
    },
    {
      id: 2,
      image_id: 1,
      category_id: 1,
      area: 1,
      iscrowd: 1,
      bbox: [60, 0, 60, 80],
      segmentation: [[60, 0, 120, 0, 120, 80, 60, 80]],
    },
  ],
};

const entry = async () => {
  const file = join(temporaryFolder(), 'truth.json');
  writeFileSync(file, JSON.stringify(coco));
  const found = await (await openTruth(file, { labels: classes })).entryOf('a.jpg');
  if (found === undefined) throw new Error('there is no entry');
  return found;
};

const line: PhotoLine = lineOf('a.jpg', { orientation: 1 });

describe('what a run noted of its truth', () => {
  it('is judged as the truth itself, with masks and what is ignored', async () => {
    const known = await entry();
    const noted = { ...line, truth: await truthRecord(known, line) };
    const given = await textJudger(setup)({ text: JSON.stringify(line), entry: known });
    const recorded = await textJudger({ ...setup, recorded: true })({ text: JSON.stringify(noted), entry: undefined });
    expect(recorded).toEqual(given);
    expect(given).toMatchObject({ leftOut: undefined, classes: [{ class: 0, map: { hit: true } }] });
    const { scores } = (typeof given === 'string' ? undefined : given.classes[0]?.map) ?? {};
    const pixels = (counts: Float64Array | undefined) => counts?.reduce((sum, count) => sum + count, 0);
    expect([pixels(scores?.object), pixels(scores?.background)]).toEqual([50 * 20, 60 * 80 - 50 * 20]);
  });

  it('is nothing of a photo without an entry', async () => {
    for (const truth of [null, undefined]) {
      const text = JSON.stringify({ ...line, truth });
      const judged = await textJudger({ ...setup, recorded: true })({ text, entry: undefined });
      expect(judged).toEqual({ photo: 'a.jpg', leftOut: 'no-truth', classes: [] });
    }
  });

  it.each(['no run lengths', '0', '`^!'])(
    'is left out with a sentence where a stranger wrote its mask: %s',
    async (mask) => {
      const truth = { objects: [{ name: 'tench', class: 0, box: [1, 1, 9, 9] as const, mask }] };
      const text = JSON.stringify({ ...line, truth });
      const judged = await textJudger({ ...setup, recorded: true })({ text, entry: undefined });
      expect(judged).toMatchObject({ leftOut: 'bad-truth', message: expect.stringMatching(/line of "a\.jpg" .*\.$/) });
    },
  );
});

describe('a line', () => {
  it('that cannot be read, of a file that is no photo, or of one that failed, is none of a photo', async () => {
    const judge = textJudger(setup);
    const error = (code: string) => JSON.stringify({ photo: 'b.jpg', error: { code, message: 'No.' } });
    expect(await judge({ text: '{', entry: undefined })).toBe('unreadable');
    expect(await judge({ text: error('unread-format'), entry: undefined })).toBe('passed-over');
    expect(await judge({ text: error('empty'), entry: undefined })).toMatchObject({ leftOut: 'failed' });
  });
});
