import { describe, expect, it } from 'vitest';
import { tellOfTruth, watchTruth } from '../../src/commands/given-truth.js';
import type { TruthRecord } from '../../src/results/truth-record.js';
import { openTruth } from '../../src/truth/index.js';
import { FIRST_PHOTOS } from '../../src/truth/remarks.js';
import { lineOf } from '../helpers/found-run.js';
import { animals, namedSet } from '../helpers/truths.js';

const line = (photo: string, truth: TruthRecord | null = null) => lineOf(photo, { truth });

const opened = () => openTruth(namedSet(['dog', 'yeti']), animals);

/** What is said as so many photos are answered, one after the other. */
const saidOf = async (photos: readonly string[]) => {
  const [truth, said]: [Awaited<ReturnType<typeof opened>>, string[]] = [await opened(), []];
  const watched = watchTruth(truth, (sentence) => said.push(`${truth.counts().missing}: ${sentence}`));
  for (const photo of photos) {
    await truth.entryOf(photo);
    watched.add(line(photo));
  }
  return { watched, truth, said };
};

const others = Array.from({ length: FIRST_PHOTOS + 2 }, (_, i) => `${i}.jpg`);

describe('a truth of other photos', () => {
  it('is told once in the middle of a run, after a hundred photos, with the names of both and the way out', async () => {
    const { truth, said } = await saidOf(others);
    expect(said).toEqual([
      `100: ${truth.place} has no entry for any of the first 100 photos: a photo is called "0.jpg", an entry "dog.jpg". The run goes on; if none of the others has one either, interrupt it, and give --truth the data set of these photos, or run gapcam on the folder from which its names start.`,
    ]);
  });

  it('is not, where fewer were looked up, or one of them has an entry', async () => {
    expect((await saidOf(others.slice(0, FIRST_PHOTOS - 1))).said).toEqual([]);
    expect((await saidOf(['dog.jpg', ...others])).said).toEqual([]);
  });

  it('ends the run, and what is kept is said where there are maps to evaluate', async () => {
    const { watched } = await saidOf(['x.jpg']);
    const told = { all: true, quiet: true };
    const none = (kept?: string) => tellOfTruth(watched, { ...told, kept }, () => {})?.message;
    expect(none()).toMatch(/from which its names start\.$/);
    expect(none('out')).toMatch(
      /start\. The run's pictures and numbers are kept: gapcam evaluate out --truth OTHER holds its maps against another/,
    );
    expect(tellOfTruth(watched, { all: false, quiet: true, kept: 'out' }, () => {})).toBeUndefined();
  });
});

it('a truth of which the network has no class is told however quiet the run is, and one of which it has one is not', async () => {
  for (const [photo, sentences] of [
    [
      'yeti.jpg',
      [/^No object of the photo that was looked up in .* has a class of the network, so none of their maps/],
    ],
    ['dog.jpg', []],
  ] as const) {
    const { watched } = await saidOf([photo]);
    const said: string[] = [];
    tellOfTruth(watched, { all: true, quiet: true, kept: undefined }, (sentence) => said.push(sentence));
    expect(said).toEqual(sentences.map((sentence) => expect.stringMatching(sentence)));
  }
});

it('boxes that reach beyond their photos are told once in the end, in words of the format, but not of a quiet run', async () => {
  const watched = watchTruth(await opened(), () => {});
  const objects = [9, 900].map((width) => ({ name: 'dog', class: 1, box: [1, 1, width, 9] as const }));
  for (const photo of ['a.jpg', 'b.jpg']) watched.add(line(photo, { objects }));
  const toldOf = (quiet: boolean) => {
    const said: string[] = [];
    tellOfTruth(watched, { all: true, quiet, kept: undefined }, (sentence) => said.push(sentence));
    return said;
  };
  expect(toldOf(true)).toEqual([]);
  expect(toldOf(false)).toEqual([
    `2 of 4 boxes reach beyond their photos, the first in "a.jpg"; COCO's are x, y, width and height, in pixels.`,
  ]);
});
