import { readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hf } from '../../../src/convert/formats/hf.js';
import { converted, runAt, runOfLines } from '../../helpers/converted.js';
import { numbersIn } from '../../helpers/numbers.js';
import { lineOf, runFolder } from '../../helpers/reports.js';
import { filesBelow } from '../../helpers/runs.js';

const labels = ['tiger cat, cat', 'dog', 'ship'];

const whole = lineOf({ photo: 'dog.jpg', classes: [1], cells: [[-3, -1, 8]] }, labels, 2);
const lines = [
  lineOf({ photo: 'a/cat.jpg', classes: [0, 2] }, labels, 1),
  // All of its numbers are whole.
  { ...whole, margin: 1, maps: whole.maps.map((map) => ({ ...map, logit: 3, score: 1 })) },
  lineOf({ photo: 'none.jpg', classes: [1], cells: [[-3, -1, -2]] }, labels, 2),
];

describe('a run as an image folder of Hugging Face', async () => {
  const output = runFolder(lines, { labels });
  const folder = await converted(await runAt(output), hf);
  const texts = readFileSync(join(folder, 'metadata.jsonl'), 'utf8').trim().split('\n');
  const rows = texts.map((text) => JSON.parse(text));

  it('has a row a map, with its photo and its heat map beside it', () => {
    expect(rows.map((row) => [row.file_name, row.heatmap_file_name, row.label])).toEqual([
      ['a/cat.jpg', 'a/cat.jpg.0.cam.png', 'tiger cat, cat'],
      ['a/cat.jpg', 'a/cat.jpg.2.cam.png', 'ship'],
      ['dog.jpg', 'dog.jpg.1.cam.png', 'dog'],
      ['none.jpg', 'none.jpg.1.cam.png', 'dog'],
    ]);
    expect(filesBelow(folder)).toEqual([...rows.map((row) => row.heatmap_file_name), 'metadata.jsonl'].sort());
  });

  it('links the photos', () => {
    expect(readlinkSync(join(folder, 'a/cat.jpg'))).toBe(resolve(output, '../photos/a/cat.jpg'));
  });

  it('has the same columns of the same types in each row, so that floats stay floats in every part of the file', () => {
    const boxed = (text: string) => text.replace(/"boxes":\[.*?\]/, '"boxes":[]');
    const schemaOf = (text: string) =>
      boxed(text)
        .replace(/:"(?:[^"\\]|\\.)*"/g, ':text')
        .replace(/-?\d+(?:\.\d+(?:e[-+]\d+)?|e[-+]\d+)/g, 'float')
        .replace(/(?<=:)\d+(?=[,}])/g, 'int');
    expect(new Set(texts.map(schemaOf)).size).toBe(1);
    expect(schemaOf(texts[0])).toContain('"class":int,"label":text,"logit":float,"score":float,"margin":float');
    expect(texts[2]).toContain('"logit":3.0,"score":1.0,"margin":1.0');
    for (const text of texts) expect(text.match(/"(x|y|width|height|evidence|share)":-?\d+[,}]/)).toBe(null);
  });

  it('gives each map with its range: all of its values, and 0 logits where nothing was seen', async () => {
    const [low, high] = rows[2].range;
    expect([low, high]).toEqual([-3, 8]);
    const { values } = await numbersIn(join(folder, 'dog.jpg.1.cam.png'));
    expect(values[0]).toBe(Math.round((3 / 11) * 65535));
    // The border's cells reach to the edge of what was seen.
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, 65535]);
  });

  it('has no box of a map without evidence', () => {
    expect(rows[3]).toMatchObject({ verdict: 'no-evidence', boxes: [], range: [-3, 0] });
    expect(rows[2].boxes.length).toBeGreaterThan(0);
  });
});

describe('an image folder of a network whose numbers are no probabilities', () => {
  it('has neither score nor margin', async () => {
    const { maps, predictions, ...line } = lineOf({ photo: 'a.jpg' }, labels);
    const none = { ...line, margin: null, maps: maps.map((map) => ({ ...map, score: null })) };
    const output = runFolder([{ ...none, predictions: predictions.map((one) => ({ ...one, score: null })) }], {
      labels,
    });
    const folder = await converted(await runAt(output), hf);
    const text = readFileSync(join(folder, 'metadata.jsonl'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ score: null, margin: null, label: labels[0] });
  });
});

describe('an image folder of a run that somebody made up', () => {
  it.each(['../../../../etc/passwd', 'a/../../b.jpg', '@/etc/passwd'])(
    'makes no link to a file outside of the photos, such as %j, which would then be shared with the data set',
    async (photo) => {
      const run = runOfLines(() => [lineOf({ photo }, labels)], labels);
      await expect(converted(run, hf)).rejects.toMatchObject({ code: 'unfit-name' });
    },
  );
});
