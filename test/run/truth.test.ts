import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSettings } from '../../src/results/settings.js';
import { openTruth } from '../../src/truth/index.js';
import { maskOfRuns } from '../../src/truth/run-lengths.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { runHere } from '../helpers/in-process.js';
import { cat, explainedOf, folderWith, manifestOf } from '../helpers/runs.js';
import { fileOf } from '../helpers/truths.js';

const labels = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
const photos = [fixture('photos')];
const mapClasses = fileOf('tiger cat,cat\nspace shuttle,airplane\n', 'map.csv');
const byHand = () => openTruth(fixture('photos', 'truth.json'), { labels }, { mapClasses });

const settingsIn = (output: string): RunSettings => JSON.parse(readFileSync(join(output, 'run.json'), 'utf8'));
const photoIn = (output: string, name: string) => {
  const found = explainedOf(output).find(({ photo }) => photo === name);
  if (found === undefined) throw new Error(`${name} was not explained`);
  return found;
};

describe('a run with a truth', () => {
  it('explains the true classes beside the best one, each once, and writes what the truth says', async () => {
    const output = temporaryFolder();
    await runHere({ photos, output, truth: await byHand() });
    const [astronaut, tabby, coffee] = ['astronaut', 'cat', 'coffee'].map((name) => photoIn(output, `${name}.jpg`));
    expect(astronaut.maps.map(({ label }) => label)).toEqual([astronaut.predictions[0].label, 'airplane']);
    expect(astronaut.maps[1].files[0]).toContain('0-airplane');
    expect(astronaut.truth).toEqual({ objects: [{ name: 'space shuttle', class: 0, box: [354, 0, 105, 273] }] });
    expect(tabby.maps.map(({ label }) => label)).toEqual(['cat']);
    // What the network has no class for is told, but not explained.
    expect(coffee.maps).toHaveLength(1);
    const [espresso, cup] = coffee.truth?.objects ?? [];
    expect([espresso.class, cup.class, cup.mask]).toEqual([null, null, undefined]);
    const mask = maskOfRuns(espresso.mask ?? '', coffee);
    expect(mask[150 * 600 + 285]).toBe(1);
    // By the corners' own area: 12,633 pixels.
    expect(Math.abs(mask.reduce((sum, value) => sum + value, 0) - 12633)).toBeLessThan(200);
  });

  it('explains them beside the classes that are asked for, too', async () => {
    const output = temporaryFolder();
    await runHere({ photos, output, truth: await byHand(), explain: { classes: ['dog', 'cat'], write: ['none'] } });
    expect(photoIn(output, 'cat.jpg').maps.map(({ label }) => label)).toEqual(['dog', 'cat']);
    expect(photoIn(output, 'astronaut.jpg').maps.map(({ label }) => label)).toEqual(['dog', 'cat', 'airplane']);
  });

  it('goes on with the same truth, wherever it lies, and not with another', async () => {
    const output = temporaryFolder();
    await runHere({ photos, output, truth: await byHand() });
    const settings = settingsIn(output).options;
    expect(settings.truth).toMatch(/^truth\.json \([0-9a-f]{8}\)$/);
    expect(settings.mapClasses).toMatch(/^map\.csv \([0-9a-f]{8}\)$/);
    const text = readFileSync(fixture('photos', 'truth.json'), 'utf8');
    const copy = await openTruth(fileOf(text, 'copy.json'), { labels }, { mapClasses });
    expect(await runHere({ photos, output, truth: copy })).toMatchObject({ done: 0, skipped: 4 });
    const other = await openTruth(fileOf(`${text} `, 'truth.json'), { labels }, { mapClasses });
    await expect(runHere({ photos, output, truth: other })).rejects.toThrow(
      /other settings \(truth: was copy\.json \(.*, now truth\.json \(/,
    );
    await expect(runHere({ photos, output })).rejects.toThrow(/truth: was copy\.json .*, now none; mapClasses: was/);
  });

  it('fails a photo alone whose truth is damaged or cannot be told, and tries it again', async () => {
    const folder = folderWith({ 'x/cat.jpg': cat, 'y/cat.jpg': cat, 'z.jpg': cat, 'w.jpg': cat });
    const image = (id: number, file_name: string, width: number) => ({ id, file_name, width, height: 300 });
    const images = [image(1, 'cat.jpg', 451), image(2, 'z.jpg', 450)];
    const categories = [{ id: 1, name: 'cat' }];
    const truth = await openTruth(fileOf({ images, annotations: [], categories }), { labels });
    const output = temporaryFolder();
    const tally = await runHere({ photos: [folder], output, truth });
    expect(tally.done).toBe(2);
    expect([...tally.failures]).toEqual(
      expect.arrayContaining([
        ['ambiguous-photo', 1],
        ['bad-truth', 1],
      ]),
    );
    expect(photoIn(output, 'w.jpg').truth).toBeNull();
    const failed = manifestOf(output).flatMap((line) => ('error' in line ? [line.error.message] : []));
    expect(failed.find((message) => message.includes('"z.jpg" of 451 x 300'))).toBeDefined();
    // Also where the first of the two is done: the truth is another process's then.
    const later = await openTruth(truth.place, { labels });
    const again = await runHere({ photos: [folder], output, truth: later });
    expect(later.counts()).toMatchObject({ found: 2, missing: 1 });
    expect([...again.failures.keys()].sort()).toEqual(['ambiguous-photo', 'bad-truth']);
    expect(again).toMatchObject({ done: 0, skipped: 2 });
  });
});
