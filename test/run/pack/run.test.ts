import { cpSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { parquet } from '../../../src/convert/formats/parquet.js';
import { mergeRuns } from '../../../src/run/merge.js';
import { stores } from '../../../src/stores/index.js';
import { converted, runAt } from '../../helpers/converted.js';
import { fixture, temporaryFolder } from '../../helpers/folders.js';
import { called, runHere } from '../../helpers/in-process.js';
import { memory } from '../../helpers/memory-store.js';
import { filesOfPack, membersAt, picturesOf, samplesOf, tabledPhotos } from '../../helpers/packed.js';
import {
  cat,
  explainedNames,
  explainedOf,
  filesBelow,
  folderWith,
  manifestOf,
  picturesBelow,
} from '../../helpers/runs.js';

// A member that only this test has: a store whose files cannot grow, as those of a bucket.
stores.memory = memory;

const { signal } = new AbortController();
const rocket = readFileSync(fixture('photos', 'rocket.jpg'));
const bad = 'no photo';

let png: Buffer;
/** A run over photos of equal keys, of bad ones first, of folders; and its photos. */
let first: string;
beforeAll(async () => {
  png = await sharp(cat).png().toBuffer();
  first = folderWith({ 'photos/0.jpg': bad, 'photos/a.jpg': cat, 'photos/a.png': png, 'photos/b/c.v2.jpg': rocket });
  expect(await packed(first)).toMatchObject({ done: 3 });
});

const packed = (here: string, more: Partial<Parameters<typeof runHere>[0]> = {}) =>
  runHere({
    photos: [join(here, 'photos')],
    output: join(here, 'out'),
    pack: true,
    ...more,
    explain: { format: 'jpeg', ...more.explain },
  });

const copy = () => {
  const here = temporaryFolder();
  cpSync(first, here, { recursive: true, preserveTimestamps: true });
  return { here, output: join(here, 'out'), photo: (name: string) => join(here, 'photos', name) };
};

const keysOf = (output: string): string[] => [...samplesOf(output).keys()].sort();

/** A photo with another content, written later. */
const change = (path: string, content: Uint8Array | string): void => {
  writeFileSync(path, content);
  utimesSync(path, 1, 1);
};

describe('a packed run', () => {
  it('has the pictures of one that is not, in a tar, with the lines; failures are in the manifest alone', async () => {
    const loose = join(temporaryFolder(), 'loose');
    await runHere({ photos: [join(first, 'photos')], output: loose, explain: { format: 'jpeg' } });
    const output = join(first, 'out');
    expect(filesBelow(output)).toEqual(['manifest.jsonl', 'pictures/00000.parquet', 'pictures/00000.tar', 'run.json']);
    expect(keysOf(output)).toEqual(['a', 'a%2Epng', 'b/c%2Ev2']);
    expect(manifestOf(output)).toHaveLength(4);
    const samples = samplesOf(output);
    for (const line of explainedOf(output)) {
      const sample = samples.get(line.packed?.key ?? '');
      expect([...(sample?.keys() ?? [])]).toEqual(['overlay.jpg', 'json']);
      const [other] = explainedOf(loose).filter(({ photo }) => photo === line.photo);
      expect(sample?.get('overlay.jpg')?.equals(readFileSync(join(loose, other.maps[0].files[0])))).toBe(true);
      const told = JSON.parse(sample?.get('json')?.toString() ?? '');
      expect(told.maps[0]).toEqual({ ...line.maps[0], files: [`${line.packed?.key}.overlay.jpg`] });
      expect(told.photo).toBe(line.photo);
    }
  });

  it('has a table of the rows that convert writes', async () => {
    const output = join(temporaryFolder(), 'out');
    await packed(first, { output, explain: { boxes: '0.2' } });
    const rowsAt = async (path: string) =>
      (await parquetReadObjects({ file: Uint8Array.from(readFileSync(path)).buffer })).sort((x, y) =>
        String(x.photo) < String(y.photo) ? -1 : 1,
      );
    const folder = await converted(await runAt(output), parquet);
    const expected = await rowsAt(join(folder, 'part-00000.parquet'));
    expect(expected.map(({ boxes }) => boxes.length > 0)).toEqual([true, true, true]);
    expect(await rowsAt(join(output, 'pictures/00000.parquet'))).toEqual(expected);
    // Nobody asked for boxes.
    const [{ boxes }] = await rowsAt(join(first, 'out/pictures/00000.parquet'));
    expect(boxes ?? null).toBe(null);
  });

  it('calls the maps of several classes by their place, so that all samples have the same files', async () => {
    const output = join(temporaryFolder(), 'out');
    await packed(first, {
      output,
      explain: { top: 2, write: ['overlay', 'map', 'input'], boxes: '0.2', cropBoxes: true },
    });
    const suffixes = new Set([...samplesOf(output).values()].map((sample) => [...sample.keys()].join()));
    expect([...suffixes]).toEqual([
      'overlay.1.jpg,overlay.2.jpg,map.1.npy,map.2.npy,input.png,crop.1.jpg,crop.2.jpg,json',
    ]);
  });

  it("writes reals of its samples' lines as reals, and leaves out what is empty in some alone", async () => {
    const json = samplesOf(join(first, 'out')).get('a')?.get('json')?.toString() ?? '';
    expect(json).toMatch(/"bias":0\.0,.*"range":\[0\.0,/);
    expect(json).toMatch(/"seen":\[0\.0,0\.0,451\.0,300\.0\]/);
    expect(json).toMatch(/"grid":\[8,8\],.*"files":\["a\.overlay\.jpg"\]/);
    const output = join(temporaryFolder(), 'out');
    // Nothing is above so many logits.
    await packed(first, { output, explain: { boxes: 'logits:1000' } });
    expect(samplesOf(output).get('a')?.get('json')?.toString()).not.toContain('"boxes"');
    expect(explainedOf(output)[0].maps[0].boxes).toEqual([]);
    const [table] = filesOfPack(output, '.parquet');
    const rows = await parquetReadObjects({ file: Uint8Array.from(readFileSync(table)).buffer });
    expect(rows.map((row) => row.boxes)).toEqual([[], [], []]);
  });
});

describe('a packed run that goes on', () => {
  it('does nothing where nothing changed', async () => {
    const { here, output } = copy();
    const before = readFileSync(join(output, 'pictures/00000.tar'));
    expect(await packed(here)).toMatchObject({ done: 0, skipped: 3 });
    expect(filesOfPack(output, '.tar')).toHaveLength(1);
    expect(readFileSync(join(output, 'pictures/00000.tar')).equals(before)).toBe(true);
  });

  it('packs new photos into a tar of their own, under keys that no other has', async () => {
    const { here, output, photo } = copy();
    writeFileSync(photo('0.jpg'), cat);
    writeFileSync(photo('a.JPG'), cat);
    expect(await packed(here)).toMatchObject({ done: 2, skipped: 3 });
    expect(keysOf(output)).toEqual(['0', 'a', 'a%2EJPG', 'a%2Epng', 'b/c%2Ev2']);
    expect(filesOfPack(output, '.tar')).toHaveLength(2);
    expect(await tabledPhotos(output)).toEqual(explainedNames(output));
  });

  it('does a changed photo again under its key, and takes its earlier pictures out of their tar', async () => {
    const { here, output, photo } = copy();
    change(photo('a.jpg'), rocket);
    expect(await packed(here)).toMatchObject({ done: 1, changed: 1, skipped: 2 });
    expect(keysOf(output)).toEqual(['a', 'a%2Epng', 'b/c%2Ev2']);
    const samples = samplesOf(output);
    expect(
      samples
        .get('a')
        ?.get('overlay.jpg')
        ?.equals(samples.get('b/c%2Ev2')?.get('overlay.jpg') ?? cat),
    ).toBe(true);
    expect(await tabledPhotos(output)).toEqual(['a.jpg', 'a.png', 'b/c.v2.jpg']);
    // All is as another run finds it.
    expect(await packed(here)).toMatchObject({ done: 0, skipped: 3 });
  });

  it('takes out the pictures of a photo that fails by now', async () => {
    const { here, output, photo } = copy();
    change(photo('a.jpg'), bad);
    expect(await packed(here)).toMatchObject({ done: 0, changed: 1, skipped: 2 });
    expect(keysOf(output)).toEqual(['a%2Epng', 'b/c%2Ev2']);
    expect(await tabledPhotos(output)).toEqual(['a.png', 'b/c.v2.jpg']);
  });

  it('does photos again whose tar is gone', async () => {
    const { here, output } = copy();
    rmSync(join(output, 'pictures/00000.tar'));
    expect(await packed(here)).toMatchObject({ done: 3, skipped: 0 });
    expect(keysOf(output)).toEqual(['a', 'a%2Epng', 'b/c%2Ev2']);
    expect(await tabledPhotos(output)).toEqual(explainedNames(output));
  });

  it('says so where a tar is damaged that it has to read, and does its photos again once it is removed', async () => {
    for (const spoil of ['without its table', 'with a photo too many']) {
      const { here, output, photo } = copy();
      const tar = join(output, 'pictures/00000.tar');
      const last = Math.max(...explainedOf(output).map(({ packed: place }) => place?.at ?? 0));
      writeFileSync(tar, readFileSync(tar).fill(7, last, last + 99));
      if (spoil === 'without its table') rmSync(join(output, 'pictures/00000.parquet'));
      else {
        const [kept] = explainedOf(output).filter(({ packed: place }) => place?.at === last);
        writeFileSync(join(output, 'manifest.jsonl'), `${JSON.stringify(kept)}\n`);
      }
      await expect(packed(here)).rejects.toThrow(
        new RegExp(`^${tar} is damaged \\(.*\\); remove it, and the same command does its photos again\\.$`),
      );
      rmSync(tar);
      change(photo('a.jpg'), cat);
      expect(await packed(here)).toMatchObject({ done: 3 });
      expect(keysOf(output)).toEqual(['a', 'a%2Epng', 'b/c%2Ev2']);
      expect(await tabledPhotos(output)).toEqual(explainedNames(output));
    }
  });

  it('is another run than one whose pictures are files, and is replaced with all its tars by --overwrite', async () => {
    const { here, output } = copy();
    await expect(packed(here, { pack: false })).rejects.toThrow(/pack: was true, now false/);
    expect(await packed(here, { overwrite: true })).toMatchObject({ done: 3 });
    expect(keysOf(output)).toEqual(['a', 'a%2Epng', 'b/c%2Ev2']);
    writeFileSync(join(output, 'pictures/my own'), '');
    await packed(here, { overwrite: true, pack: false });
    expect(picturesBelow(output)).toHaveLength(4);
    expect(filesBelow(join(output, 'pictures'))).toEqual(['my own']);
    await expect(packed(here)).rejects.toThrow(/pack: was false, now true/);
  });
});

describe('tars of a packed run', () => {
  it('are photos of another run, as any tar', async () => {
    const { here, output } = copy();
    const photos = [join(output, 'pictures/00000.tar')];
    const other = join(here, 'other');
    expect(await packed(here, { photos, output: other })).toMatchObject({ done: 3 });
    expect(keysOf(other)).toEqual(['00000.tar/a', '00000.tar/a%2Epng', '00000.tar/b/c%2Ev2']);
  });
});

describe('packed runs that are merged', () => {
  const shardsOf = (here: string) =>
    [1, 2].map((index) => ({ output: join(here, `${index}`), shard: { index, count: 2 } as const }));

  it('from shards are as one run: all keys once, also of photos that differ in their endings', async () => {
    const { here, output } = copy();
    for (const one of shardsOf(here)) await packed(here, one);
    // Two photos of one key are in two shards, or nothing is tried here.
    const names = shardsOf(here).map((one) => explainedNames(one.output).filter((name) => name.startsWith('a.')));
    expect(names.map((list) => list.length)).toEqual([1, 1]);
    const target = join(here, 'merged');
    const { outputs } = { outputs: shardsOf(here).map((one) => one.output) };
    for (let times = 0; times < 2; times++) {
      expect(await mergeRuns({ outputs, target, overwrite: false, signal })).toMatchObject({ photos: 3, failed: 1 });
      expect(picturesOf(target)).toEqual(picturesOf(output));
      expect(await tabledPhotos(target)).toEqual(explainedNames(output));
    }
    expect(await packed(here, { output: target })).toMatchObject({ done: 0, skipped: 3 });
    // No byte of them is written twice.
    const tars = [...outputs, target].flatMap((folder) => filesOfPack(folder, '.tar'));
    expect(new Set(tars.map((tar) => statSync(tar).ino)).size).toBe(2);
  });

  it('and interrupted between a tar and its lines, are whole when they are merged again, and no run is changed', async () => {
    const { here, output } = copy();
    const target = join(here, 'merged');
    await mergeRuns({ outputs: [output], target, overwrite: false, signal });
    const before = readFileSync(join(output, 'pictures/00000.tar'));
    const [line] = manifestOf(target);
    writeFileSync(join(target, 'manifest.jsonl'), `${JSON.stringify(line)}\n`);
    expect(await mergeRuns({ outputs: [output], target, overwrite: false, signal })).toMatchObject({ photos: 3 });
    expect(picturesOf(target)).toEqual(picturesOf(output));
    expect(await tabledPhotos(target)).toEqual(explainedNames(output));
    expect(readFileSync(join(output, 'pictures/00000.tar')).equals(before)).toBe(true);
  });

  it('give photos of one key two keys, and their lines with them', async () => {
    const { here } = copy();
    for (const name of ['a.jpg', 'a.png']) {
      const photos = [join(here, 'photos', name), join(here, 'photos/b/c.v2.jpg')];
      await packed(here, { photos, output: join(here, name) });
    }
    const outputs = ['a.jpg', 'a.png'].map((name) => join(here, name));
    expect(outputs.map(keysOf)).toEqual([
      ['a', 'b/c%2Ev2'],
      ['a', 'b/c%2Ev2'],
    ]);
    const target = join(here, 'merged');
    expect(await mergeRuns({ outputs, target, overwrite: false, signal })).toMatchObject({ photos: 3 });
    expect(keysOf(target)).toEqual(['a', 'a%2Epng', 'b/c%2Ev2']);
    const line = JSON.parse(samplesOf(target).get('a%2Epng')?.get('json')?.toString() ?? '');
    expect([line.photo, line.maps[0].files]).toEqual(['a.png', ['a%2Epng.overlay.jpg']]);
    const told = explainedOf(target).find(({ photo }) => photo === 'a.png');
    expect(told?.maps[0].files).toEqual([`${told?.packed?.tar}/a%2Epng.overlay.jpg`]);
  });

  it('take the newest result of a photo, and none twice', async () => {
    const { here, output, photo } = copy();
    change(photo('a.jpg'), rocket);
    const later = join(here, 'later');
    await packed(here, { output: later });
    expect(await mergeRuns({ outputs: [later], target: output, overwrite: false, signal })).toMatchObject({
      photos: 3,
    });
    expect(picturesOf(output)).toEqual(picturesOf(later));
  });

  it('are not merged with one whose pictures are files', async () => {
    const { here, output } = copy();
    const loose = join(here, 'loose');
    await packed(here, { output: loose, pack: false });
    const { code, stderr } = await called(['merge', output, loose, '-o', join(here, 'merged')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^gapcam: Only runs of one kind can be merged.*\(pack: was true, now false\)/);
  });

  it.each<[string, (tar: string, at: number) => void, RegExp]>([
    ['is gone', (tar) => rmSync(tar), /are not in .*pictures\/00000\.tar, as the run's manifest says/],
    [
      'is damaged',
      (tar, at) => writeFileSync(tar, readFileSync(tar).fill(7, at, at + 99)),
      /is damaged at byte \d+, where/,
    ],
    [
      "holds an attacker's member among a photo's own",
      (tar, at) => {
        const content = readFileSync(tar);
        // A sound header of another name.
        const [other] = membersAt(tar).filter(({ name }) => name.startsWith('b/'));
        const header = content.subarray(content.indexOf(other.name), content.indexOf(other.name) + 512);
        writeFileSync(tar, Buffer.concat([content.subarray(0, at), header, content.subarray(at + 512)]));
      },
      /is damaged at byte \d+, where/,
    ],
  ])('are refused in a sentence where a tar %s', async (_, damage, about) => {
    const { here, output } = copy();
    const at = explainedOf(output).find(({ photo }) => photo === 'a.jpg')?.packed?.at ?? 0;
    // Or it would be taken as a whole, and spoil no other.
    const kept = manifestOf(output).filter(({ photo }) => photo !== 'a.png');
    writeFileSync(join(output, 'manifest.jsonl'), kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
    damage(join(output, 'pictures/00000.tar'), at);
    const { code, stderr } = await called(['merge', output, '-o', join(here, 'merged')]);
    expect([code, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toMatch(about);
  });
});

describe('a packed run into a store whose files cannot grow', () => {
  it('puts tars whole, and goes on, changes and merges as in a folder', async () => {
    const { here, output, photo } = copy();
    const merged = async (place: string) => {
      const target = join(temporaryFolder(), 'out');
      await mergeRuns({ outputs: [place], target, overwrite: false, signal });
      return { pictures: picturesOf(target), tables: await tabledPhotos(target) };
    };
    const place = 'memory://packed';
    expect(await packed(here, { output: place })).toMatchObject({ done: 3 });
    const store = memory(place);
    expect([...(await store.list('pictures'))].sort()).toEqual(['00000.parquet', '00000.tar']);
    expect(await merged(place)).toEqual({ pictures: picturesOf(output), tables: await tabledPhotos(output) });
    expect(await packed(here, { output: place })).toMatchObject({ done: 0, skipped: 3 });
    // As a run leaves it that was killed before its lines were put.
    await store.copyFrom({ ...store, read: () => store.read('pictures/00000.tar') }, 'pictures/00001.tar');
    change(photo('a.jpg'), rocket);
    expect(await packed(here, { output: place })).toMatchObject({ done: 1, changed: 1, skipped: 2 });
    expect(await packed(here)).toMatchObject({ done: 1, changed: 1, skipped: 2 });
    expect(await merged(place)).toEqual({ pictures: picturesOf(output), tables: await tabledPhotos(output) });
    expect(await store.has('pictures/00001.tar')).toBe(false);
  });
});
