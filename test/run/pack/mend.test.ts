import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toText } from '../../../src/results/line.js';
import { keepLines, MANIFEST, wholeLines } from '../../../src/results/manifest.js';
import type { RunSettings } from '../../../src/results/settings.js';
import { openPacking } from '../../../src/run/pack/packing.js';
import { memberOf } from '../../../src/run/pack/tar-entry.js';
import { openStore } from '../../../src/stores/index.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { filesOfPack, samplesOf, tabledPhotos } from '../../helpers/packed.js';
import { lineOf, settingsFor } from '../../helpers/reports.js';

const labels = ['cat', 'dog'];
const { signal } = new AbortController();
const settings = { ...settingsFor(labels), packs: ['00112233445566'] } as unknown as RunSettings;

/** Opens a folder's tars, as a run does, and packs photos into them. @param end whether the run comes to its end. */
const pack = async (output: string, keys: readonly string[], end = true): Promise<void> => {
  const store = openStore(output);
  await store.lock();
  const packing = await openPacking(store, settings, signal);
  const recording = packing.recording(await store.append(MANIFEST));
  for (const key of keys) {
    const line = lineOf({ photo: `${key}.jpg` }, labels, key.length);
    const text = toText({ ...line, maps: line.maps.map((map) => ({ ...map, files: [`${key}.overlay.jpg`] })) });
    const members = [
      memberOf(`${key}.overlay.jpg`, Buffer.from(`picture of ${key}`), 0),
      memberOf(`${key}.json`, Buffer.from(text), 0),
    ];
    await recording.append(text, { key, members: Buffer.concat(members) });
  }
  if (end) await recording.close();
  await store.release();
};

const mend = (output: string): Promise<void> => pack(output, []);

/** The keys that lines name; each line's pictures must lie where it says, in tars and tables that hold nothing else. */
const soundKeys = async (output: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const text of wholeLines(openStore(output))) {
    const { photo, packed, maps } = JSON.parse(text);
    keys.push(packed.key);
    const bytes = readFileSync(join(output, packed.tar)).subarray(packed.at, packed.at + packed.size);
    expect(bytes.toString('latin1', 0, 100).replace(/\0.*/s, '')).toBe(`${packed.key}.overlay.jpg`);
    expect(maps[0].files).toEqual([`${packed.tar}/${packed.key}.overlay.jpg`]);
    expect(photo).toBe(`${packed.key}.jpg`);
  }
  keys.sort();
  expect([...samplesOf(output).keys()].sort()).toEqual(keys);
  expect(await tabledPhotos(output)).toEqual(keys.map((key) => `${key}.jpg`));
  expect(filesOfPack(output, '.parquet')).toEqual(
    filesOfPack(output, '.tar').map((tar) => tar.replace('.tar', '.parquet')),
  );
  return keys;
};

const dropLines = async (output: string, ...keys: string[]): Promise<void> => {
  const store = openStore(output);
  await store.lock();
  await keepLines(store, ({ text }) => !keys.includes(JSON.parse(text).packed.key));
  await store.release();
};

const dropPhoto = async (output: string, photo: string): Promise<void> => {
  const store = openStore(output);
  await store.lock();
  await keepLines(store, ({ text }) => JSON.parse(text).photo !== photo);
  await store.release();
};

const newOutput = (): string => join(temporaryFolder(), 'out');
const tarAt = (output: string, number = 0): string => join(output, `pictures/0000${number}.tar`);

describe('a run that is killed', () => {
  it('at any byte of its tar and between any two writes is cut back to what its lines name, and ended', async () => {
    const killed = newOutput();
    await pack(killed, ['a', 'b/c', 'd'], false);
    const [tar, manifest] = [readFileSync(tarAt(killed)), readFileSync(join(killed, MANIFEST), 'utf8')];
    const lines = manifest.trimEnd().split('\n');
    const ends = [1024, ...lines.map((line) => JSON.parse(line).packed).map(({ at, size }) => at + size)];
    for (const [count, end] of ends.entries()) {
      // The members of the next photo, in part or as a whole, before its line.
      for (const more of [0, 1, 511, 512, 1024, 10_000].filter((bytes) => end + bytes <= tar.length)) {
        const output = newOutput();
        mkdirSync(join(output, 'pictures'), { recursive: true });
        writeFileSync(tarAt(output), tar.subarray(0, end + more));
        writeFileSync(
          join(output, MANIFEST),
          lines
            .slice(0, count)
            .map((line) => `${line}\n`)
            .join(''),
        );
        await mend(output);
        expect(await soundKeys(output)).toEqual(['a', 'b/c', 'd'].slice(0, count));
        await pack(output, ['e']);
        expect(await soundKeys(output)).toEqual([...['a', 'b/c', 'd'].slice(0, count), 'e']);
      }
    }
  });

  it('as it ends a tar gets its table', async () => {
    const output = newOutput();
    await pack(output, ['a', 'b']);
    const [table] = filesOfPack(output, '.parquet');
    const [before, tar] = [readFileSync(table), statSync(tarAt(output))];
    rmSync(table);
    await mend(output);
    expect(readFileSync(table).equals(before)).toBe(true);
    expect(statSync(tarAt(output)).mtimeMs).toBe(tar.mtimeMs);
    expect(await soundKeys(output)).toEqual(['a', 'b']);
  });

  it('leaves no tar that no line names', async () => {
    const output = newOutput();
    await pack(output, ['a']);
    await pack(output, ['b', 'c']);
    expect(filesOfPack(output, '.tar')).toEqual([tarAt(output, 0), tarAt(output, 1)]);
    await dropLines(output, 'b', 'c');
    await mend(output);
    expect(filesOfPack(output, '.tar')).toEqual([tarAt(output, 0)]);
    expect(await soundKeys(output)).toEqual(['a']);
  });
});

describe('tars that are ended', () => {
  it('are left as they are where they hold what lines name', async () => {
    const output = newOutput();
    await pack(output, ['a', 'b']);
    const before = readdirSync(join(output, 'pictures')).map((name) => statSync(join(output, 'pictures', name)));
    await mend(output);
    const after = readdirSync(join(output, 'pictures')).map((name) => statSync(join(output, 'pictures', name)));
    expect(after.map(({ ino, mtimeMs }) => [ino, mtimeMs])).toEqual(before.map(({ ino, mtimeMs }) => [ino, mtimeMs]));
  });

  it.each([
    ['the first', 'a'],
    ['one in the midst', 'b'],
    ['the last', 'c'],
  ])('are written anew under another name without %s that no line names any more', async (_, key) => {
    const output = newOutput();
    await pack(output, ['a', 'b', 'c']);
    await dropLines(output, key);
    await mend(output);
    expect(filesOfPack(output, '.tar')).toEqual([tarAt(output, 1)]);
    expect(await soundKeys(output)).toEqual(['a', 'b', 'c'].filter((other) => other !== key));
  });

  it('that another run has links to are never cut', async () => {
    const [output, other] = [newOutput(), newOutput()];
    await pack(output, ['a', 'b'], false);
    const size = statSync(tarAt(output)).size;
    appendFileSync(tarAt(output), 'torn');
    mkdirSync(other);
    linkSync(tarAt(output), join(other, 'linked.tar'));
    await mend(output);
    expect(statSync(join(other, 'linked.tar')).size).toBe(size + 4);
    expect(filesOfPack(output, '.tar')).toEqual([tarAt(output, 1)]);
    expect(await soundKeys(output)).toEqual(['a', 'b']);
  });

  it('that are cut off keep what is whole; lines of the rest name no picture', async () => {
    const output = newOutput();
    await pack(output, ['a', 'b', 'c']);
    const third = JSON.parse(readFileSync(join(output, MANIFEST), 'utf8').trimEnd().split('\n')[2]).packed;
    truncateSync(tarAt(output), third.at + 600);
    await mend(output);
    await dropLines(output, 'c');
    expect(await soundKeys(output)).toEqual(['a', 'b']);
  });
});

describe('lines that an attacker changed', () => {
  it.each([
    ['of another photo', { at: 1024 }],
    ['in the midst of others', { at: 1536 }],
    ['of a key that another has', { key: 'b' }],
  ])('to name pictures %s cost their own photo alone', async (_, change) => {
    const output = newOutput();
    await pack(output, ['a', 'b', 'c']);
    const lines = readFileSync(join(output, MANIFEST), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const packed = { ...lines[2].packed, ...change };
    const files = [`${packed.tar}/${packed.key}.overlay.jpg`];
    lines[2] = { ...lines[2], maps: [{ ...lines[2].maps[0], files }], packed };
    writeFileSync(join(output, MANIFEST), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await mend(output);
    await dropPhoto(output, 'c.jpg');
    await mend(output);
    expect(await soundKeys(output)).toEqual(['a', 'b']);
  });
});

describe('what lies beside the tars', () => {
  it("is somebody's own: a tar of another run, a file without its mark, under any number, named by a line or not", async () => {
    const output = newOutput();
    await pack(output, ['a']);
    writeFileSync(tarAt(output, 3), 'my own');
    writeFileSync(join(output, 'pictures/notes.txt'), 'my own');
    writeFileSync(join(output, 'pictures/00007.parquet'), 'my own');
    // After which no number is free.
    writeFileSync(join(output, 'pictures/999999999.tar'), 'my own');
    const marked = newOutput();
    const theirs = { ...settings, packs: ['ffeeddccbbaa'] };
    const store = openStore(marked);
    await store.lock();
    const recording = (await openPacking(store, theirs, signal)).recording(await store.append(MANIFEST));
    const text = toText(lineOf({ photo: 'x.jpg' }, labels));
    await recording.append(text, { key: 'x', members: memberOf('x.json', Buffer.from(text), 0) });
    await recording.close();
    copyFileSync(tarAt(marked), tarAt(output, 4));
    await mend(output);
    await pack(output, ['b']);
    expect(readFileSync(tarAt(output, 3), 'utf8')).toBe('my own');
    expect(readFileSync(join(output, 'pictures/notes.txt'), 'utf8')).toBe('my own');
    expect(readFileSync(join(output, 'pictures/00007.parquet'), 'utf8')).toBe('my own');
    expect(readFileSync(tarAt(output, 4)).equals(readFileSync(tarAt(marked)))).toBe(true);
    // Behind all that has a number.
    expect(existsSync(tarAt(output, 8))).toBe(true);
  });

  it("an attacker names in the manifest, and nothing of it is cut, removed or read as the run's", async () => {
    const output = newOutput();
    await pack(output, ['a']);
    const mine = Buffer.alloc(20_000, 'my own');
    writeFileSync(tarAt(output, 5), mine);
    writeFileSync(join(output, 'secret.tar'), mine);
    const line = JSON.parse(readFileSync(join(output, MANIFEST), 'utf8'));
    const hostile = [
      { tar: 'pictures/00005.tar', key: 'e', at: 1024, size: 512 },
      { tar: 'secret.tar', key: 'e', at: 1024, size: 512 },
      { tar: '../x.tar', key: 'e', at: 1024, size: 512 },
      { tar: 'pictures/00000.tar', key: 'e', at: -512, size: 1e300 },
      { tar: 'pictures/00000.tar', key: 'e', at: 1e9, size: 512 },
    ];
    for (const [i, packed] of hostile.entries()) {
      const maps = [{ ...line.maps[0], files: [`${packed.tar}/e.overlay.jpg`] }];
      appendFileSync(join(output, MANIFEST), `${JSON.stringify({ ...line, photo: `e${i}.jpg`, maps, packed })}\n`);
    }
    await mend(output);
    await mend(output);
    expect(readFileSync(tarAt(output, 5)).equals(mine)).toBe(true);
    expect(readFileSync(join(output, 'secret.tar')).equals(mine)).toBe(true);
    expect(readFileSync(tarAt(output)).length).toBe(line.packed.at + line.packed.size + 1024);
  });
});
