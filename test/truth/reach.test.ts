import { describe, expect, it } from 'vitest';
import { recordedTruth } from '../../src/evaluate/judge/recorded.js';
import { isTruthRecord } from '../../src/results/truth-record.js';
import { openTruth } from '../../src/truth/index.js';
import { reachOf, reachTally } from '../../src/truth/reach.js';
import { truthRecord } from '../../src/truth/record.js';
import { remarksOf } from '../../src/truth/remarks.js';
import { lineOf } from '../helpers/found-run.js';
import { folderWith } from '../helpers/runs.js';
import { animals, fileOf, photoOf } from '../helpers/truths.js';

const size = { width: 120, height: 80 };
const of = (...[x, y, width, height]: readonly number[]) => reachOf([{ x, y, width, height }], size);

describe('a box', () => {
  it('reaches beyond its photo where it does by more than a pixel, on any side', () => {
    expect(of(-1, -1, 122, 82)).toMatchObject({ boxes: 1, beyond: 0 });
    for (const box of [
      [-1.1, 0, 9, 9],
      [0, -1.1, 9, 9],
      [0, 0, 121.1, 9],
      [0, 0, 9, 81.1],
    ]) {
      expect(of(...box), box.join()).toMatchObject({ beyond: 1, tiny: 0 });
    }
  });

  it('is as small as shares of a photo would be, as each format writes them, in a photo that is not as small', () => {
    expect([of(0.1, 0.2, 0.9, 0.8), of(-0.9, -0.8, 2.8, 2.7), of(0, 0, 2, 2)].map(({ tiny }) => tiny)).toEqual([
      1, 1, 1,
    ]);
    expect([of(0, 0, 2.1, 2), of(1, 1, 1, 1.5), of(60, 40, 1, 1)].map(({ tiny }) => tiny)).toEqual([0, 0, 0]);
    const box = { x: 0, y: 0, width: 1, height: 1 };
    const tinyIn = (side: number) => reachOf([box], { width: side, height: 120 }).tiny;
    expect([tinyIn(50), tinyIn(51)]).toEqual([0, 1]);
  });
});

it('over a run each of them is one sentence, with the first photo and what its numbers should be', () => {
  const tally = reachTally();
  expect(tally.remarks(undefined)).toEqual([]);
  tally.add('a.jpg', { boxes: 2, beyond: 0, tiny: 0, cut: 0 });
  expect(tally.remarks('they are')).toEqual([]);
  tally.add('b.jpg', { boxes: 3, beyond: 2, tiny: 1, cut: 1 });
  tally.add('c.jpg', { boxes: 1, beyond: 1, tiny: 0, cut: 1 });
  expect(tally.remarks('they are numbers')).toEqual([
    '3 of 6 boxes reach beyond their photos, the first in "b.jpg"; they are numbers.',
    '1 of 6 boxes would be a pixel in the corner of a photo, the first in "b.jpg"; are they shares of the photo? Here they are in pixels.',
    '2 masks reach beyond the photo, the first in "b.jpg"; what lies there is cut off.',
  ]);
});

describe('a polygon that reaches beyond its photo', () => {
  const recordOf = async (right: number) => {
    const segmentation = [[1, 1, right, 1, right, 9]];
    const set = {
      images: [{ id: 1, file_name: 'a.jpg' }],
      annotations: [{ image_id: 1, category_id: 1, bbox: [1, 1, 30, 9], segmentation }],
      categories: [{ id: 1, name: 'dog' }],
    };
    const entry = await (await openTruth(fileOf(set), animals)).entryOf('a.jpg');
    if (entry === undefined) throw new Error('no entry');
    return truthRecord(entry, photoOf('a.jpg'));
  };

  it('is noted in the line as cut off, which an evaluation counts; not where it is a pixel of rounding', async () => {
    expect(await recordOf(41)).not.toHaveProperty('cut');
    const record = await recordOf(90);
    expect(record.cut).toBe(1);
    expect(isTruthRecord(JSON.parse(JSON.stringify(record)))).toBe(true);
    expect(recordedTruth(record, lineOf('a.jpg')).reach?.()).toMatchObject({ boxes: 1, beyond: 0, cut: 1 });
  });
});

it("a box of Pascal VOC's that begins at 0 is told, and none of ILSVRC's, which count from 0", async () => {
  const xmlOf = (xmin: number, database: string) =>
    `<annotation><source><database>${database}</database></source><object><name>dog</name><bndbox><xmin>${xmin}</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>`;
  const folder = folderWith({ 'x/a.xml': xmlOf(0, 'VOC'), 'b.xml': xmlOf(1, 'VOC'), 'c.xml': xmlOf(0, 'ILSVRC_2012') });
  const truth = await openTruth(folder, animals);
  for (const photo of ['c.jpg', 'b.jpg']) await truth.entryOf(photo);
  expect(remarksOf(truth, true)).toEqual([]);
  await truth.entryOf('x/a.jpg');
  expect(remarksOf(truth, true)).toEqual([
    '1 of 3 boxes have xmin or ymin 0, the first in "x/a.xml"; Pascal VOC counts pixels from 1, so where a tool counted from 0, all boxes lie a pixel off.',
  ]);
});
