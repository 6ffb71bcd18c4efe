import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fiftyone } from '../../../src/convert/formats/fiftyone.js';
import { converted, runAt, runOfLines } from '../../helpers/converted.js';
import { numbersIn } from '../../helpers/numbers.js';
import { lineOf, runFolder } from '../../helpers/reports.js';
import { filesBelow } from '../../helpers/runs.js';

const labels = ['tiger cat, cat', 'dog', 'ship'];

const cat = lineOf({ photo: 'a/cat.jpg', classes: [0, 2] }, labels, 1);
const lines = [
  cat,
  { photo: 'broken.jpg', error: { code: 'unreadable', message: 'It is no photo.' } },
  lineOf({ photo: 'dog.jpg', classes: [1], cells: [[-3, -1, -2]] }, labels, 2),
  lineOf({ photo: 'flat.jpg', classes: [1], cells: [[2, 2, 2]] }, labels, 3),
];

const samplesIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8')).samples;

describe('a run for FiftyOne', async () => {
  const output = runFolder(lines, { labels });
  const folder = await converted(await runAt(output), fiftyone);
  const samples = samplesIn(folder);

  it('has a sample for each explained photo, with the path of the photo and what the network said', () => {
    const photos = resolve(output, '../photos');
    expect(samples.map((sample: { filepath: string }) => sample.filepath)).toEqual(
      ['a/cat.jpg', 'dog.jpg', 'flat.jpg'].map((name) => join(photos, name)),
    );
    const { logit, score } = cat.predictions[0];
    expect(samples[0].prediction).toEqual({ _cls: 'Classification', label: 'tiger cat', confidence: score, logit });
    expect(samples[0].verdict).toBe('ok');
  });

  it('has each map in a field of its own, in the folder of that name', () => {
    expect(filesBelow(folder)).toEqual([
      'fields/cam/a/cat.jpg.0.png',
      'fields/cam_2/a/cat.jpg.2.png',
      'load_fiftyone.py',
      'metadata.json',
      'samples.json',
    ]);
    expect(samples[0].cam).toEqual({
      _cls: 'Heatmap',
      label: 'tiger cat',
      map_path: 'fields/cam/a/cat.jpg.0.png',
      range: [0, 65535],
    });
    expect(existsSync(join(folder, samples[0].cam_2.map_path))).toBe(true);
    // The older form of its data set on disk has no version.
    expect(JSON.parse(readFileSync(join(folder, 'metadata.json'), 'utf8'))).toEqual({});
  });

  it('has maps of the whole photo, transparent where the network did not look and for evidence against the class', async () => {
    const { width, height, values } = await numbersIn(join(folder, samples[0].cam.map_path));
    // Eight pixels for each of the seven cells, which cover 300 of 451 columns.
    expect([width, height]).toEqual([85, 57]);
    const [from, to] = [(75.5 / 451) * width, (375.5 / 451) * width];
    const unseen = values.filter((_, at) => (at % width) + 0.5 < from || (at % width) + 0.5 > to);
    expect(new Set(unseen)).toEqual(new Set([0]));
    // Noise of both signs: much of it is against the class, and the rest reaches close to the largest value.
    const seen = values.filter((_, at) => (at % width) + 0.5 >= from && (at % width) + 0.5 <= to);
    expect(seen.filter((value) => value === 0).length).toBeGreaterThan(seen.length / 10);
    expect(Math.max(...seen)).toBeGreaterThan(60_000);
  });

  it('has no map of a class without evidence, and none that is flat', () => {
    for (const sample of samples.slice(1)) expect(Object.keys(sample)).not.toContain('cam');
    expect(samples[1].verdict).toBe('no-evidence');
    expect(samples[1].boxes).toEqual({ _cls: 'Detections', detections: [] });
  });

  it('has boxes as shares of the photo', () => {
    const [detection] = samples[0].boxes.detections;
    expect(detection).toMatchObject({ _cls: 'Detection', label: 'tiger cat', confidence: cat.maps[0].score });
    const [x, y, width, height] = detection.bounding_box;
    expect(x * 451).toBeGreaterThanOrEqual(75);
    expect((x + width) * 451).toBeLessThanOrEqual(376);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + height).toBeLessThanOrEqual(1);
  });

  it('has a sample on each line that the loading script reads', () => {
    const text = readFileSync(join(folder, 'samples.json'), 'utf8');
    const read = text
      .split('\n')
      .filter((line) => line.startsWith('{"filepath"'))
      .map((line) => JSON.parse(line.replace(/,$/, '')));
    expect(read).toEqual(samples);
  });
});

describe('FiftyOne', () => {
  it('gets no confidence of a network whose values are no probabilities', async () => {
    const line = lineOf({ photo: 'a.jpg' }, labels);
    const prediction = { ...line.predictions[0], score: null };
    const folder = await converted(
      runOfLines(() => [{ ...line, predictions: [prediction] }], labels),
      fiftyone,
    );
    expect(Object.keys(samplesIn(folder)[0].prediction)).toEqual(['_cls', 'label', 'logit']);
  });

  it('gets no maps of cells that have no places', async () => {
    const run = runOfLines(() => [lineOf({ photo: 'a.jpg' }, labels)], labels, { head: { layout: 'row' } });
    const folder = await converted(run, fiftyone);
    expect(filesBelow(folder)).toEqual(['load_fiftyone.py', 'metadata.json', 'samples.json']);
    expect(Object.keys(samplesIn(folder)[0])).not.toContain('cam');
  });

  it('gets no photo whose name is not UTF-8', async () => {
    const run = runOfLines(() => [lineOf({ photo: '\udce9.jpg' }, labels)], labels);
    await expect(converted(run, fiftyone)).rejects.toMatchObject({ code: 'unfit-name' });
  });
});
