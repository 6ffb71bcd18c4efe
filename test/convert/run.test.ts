import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRun } from '../../src/convert/run.js';
import { failed, lineOf, mapWith, openLines, runFolder } from '../helpers/found-run.js';

type Opened = Awaited<ReturnType<typeof openLines>>;

const namesIn = async ({ run }: Pick<Opened, 'run'>, withBoxes = false): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const photo of run.photos()) {
    names.push(photo.line.photo);
    if (withBoxes) photo.findings.at(0);
  }
  return names;
};

it('takes the newest of two lines of a photo, as a killed run may leave them', async () => {
  const opened = await openLines([
    lineOf('a.jpg', { maps: [mapWith([1], { class: 2 })] }),
    lineOf('b.jpg'),
    lineOf('a.jpg'),
    { ...failed, photo: 'b.jpg' },
  ]);
  const photos = [];
  for await (const { line } of opened.run.photos()) photos.push([line.photo, line.maps[0].class]);
  expect(photos).toEqual([['a.jpg', 0]]);
  expect(opened.counts()).toMatchObject({ photos: 1, failed: 1, unreadable: 0 });
});

it('gives the same photos each time, also where the run goes on meanwhile', async () => {
  const folder = runFolder([lineOf('a.jpg')]);
  const opened = await openRun(folder, undefined, new AbortController().signal);
  appendFileSync(join(folder, 'manifest.jsonl'), `${JSON.stringify(lineOf('b.jpg'))}\n`);
  expect(await namesIn(opened)).toEqual(['a.jpg']);
});

it.each([[0], [9], [1.5]])('leaves out a line with the orientation %s, which no photo has', async (orientation) => {
  const opened = await openLines([lineOf('a.jpg', { orientation })]);
  expect(await namesIn(opened)).toEqual([]);
  expect(opened.counts().unreadable).toBe(1);
});

it('counts boxes once, however often the photos are gone through', async () => {
  const opened = await openLines([lineOf('a.jpg'), lineOf('b.jpg', { maps: [mapWith([])] })]);
  await namesIn(opened, true);
  await namesIn(opened, true);
  await namesIn(opened);
  expect(opened.counts()).toEqual({ photos: 2, failed: 0, unreadable: 0, boxes: 1, empty: 1 });
});

it('ends with the reason of a person who interrupts', async () => {
  const stop = new AbortController();
  const opened = await openRun(runFolder([lineOf('a.jpg'), lineOf('b.jpg')]), undefined, stop.signal);
  stop.abort(new Error('enough'));
  await expect(namesIn(opened)).rejects.toThrow('enough');
});
