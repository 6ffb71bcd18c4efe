import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toText } from '../../../src/results/line.js';
import { MANIFEST, wholeLines } from '../../../src/results/manifest.js';
import type { RunSettings } from '../../../src/results/settings.js';
import { openPacking } from '../../../src/run/pack/packing.js';
import { memberOf } from '../../../src/run/pack/tar-entry.js';
import { openStore, stores } from '../../../src/stores/index.js';
import type { Store } from '../../../src/stores/store.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { memory } from '../../helpers/memory-store.js';
import { lineOf, settingsFor } from '../../helpers/reports.js';
import { type S3Server, startS3 } from '../../helpers/s3-server.js';

// A member that only this test has: a store whose files cannot grow.
stores.memory = memory;

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
  Object.assign(process.env, server.environment);
});
afterAll(() => server.close());

const labels = ['cat'];
const settings = { ...settingsFor(labels), packs: ['00112233445566'] } as unknown as RunSettings;
const { signal } = new AbortController();

let made = 0;
const placeOf = (kind: string): string =>
  kind === 'folder' ? join(temporaryFolder(), 'out') : `${kind}://bucket/recording-${made++}`;

const opened = async (store: Store, limits: { photos: number; bytes: number }) => {
  await store.lock();
  return (await openPacking(store, settings, signal)).recording(await store.append(MANIFEST), limits);
};

const text = toText(lineOf({ photo: 'x.jpg', cells: [[1]] }, labels));
/** A photo of 1.5 kB and its headers: 3072 bytes in a tar. */
const photo = (key: string) => ({
  key,
  members: Buffer.concat([
    memberOf(`${key}.jpg`, Buffer.alloc(1000), 0),
    memberOf(`${key}.json`, Buffer.from('{}'), 0),
  ]),
});

const placesIn = async (store: Store): Promise<string[]> => {
  const places: string[] = [];
  for await (const line of wholeLines(store)) places.push(JSON.parse(line).packed.tar);
  return places;
};

describe.each(['folder', 'memory', 's3'])('tars in a store of kind %s', (kind) => {
  it.each([
    ['photos', { photos: 2, bytes: 1e9 }],
    // The tar's mark, and two photos.
    ['bytes', { photos: 100, bytes: 1024 + 2 * 2560 }],
  ])('are ended when they have as many %s as they may, and not before', async (_, limits) => {
    const store = openStore(placeOf(kind));
    const recording = await opened(store, limits);
    const lines = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => recording.append(text, photo(key))));
    await recording.room();
    await recording.close();
    const expected = [0, 0, 1, 1, 2].map((number) => `pictures/0000${number}.tar`);
    expect(lines.map((line) => JSON.parse(line).packed.tar)).toEqual(expected);
    expect(await placesIn(store)).toEqual(expected);
    expect([...(await store.list('pictures'))].sort()).toEqual(
      [0, 1, 2].flatMap((number) => [`0000${number}.parquet`, `0000${number}.tar`]),
    );
    for (const number of [0, 1]) expect(await store.sizeOf(`pictures/0000${number}.tar`)).toBe(1024 + 2 * 2560 + 1024);
    expect(await store.sizeOf('pictures/00002.tar')).toBe(1024 + 2560 + 1024);
  });

  it('are none where no photo has pictures', async () => {
    const store = openStore(placeOf(kind));
    const recording = await opened(store, { photos: 2, bytes: 1e9 });
    await recording.append('{"photo":"a","error":{"code":"x","message":"y"}}');
    await recording.close();
    expect(await store.list('pictures')).toEqual([]);
    expect(await store.sizeOf(MANIFEST)).toBeGreaterThan(0);
  });
});

describe('a tar in a folder', () => {
  const started = async () => {
    const output = placeOf('folder');
    const recording = await opened(openStore(output), { photos: 10, bytes: 1e9 });
    await recording.append(text, photo('a'));
    return { output, recording, tar: join(output, 'pictures/00000.tar') };
  };

  it('that is removed or replaced meanwhile ends the run in a sentence, and names no picture that is lost', async () => {
    for (const harm of [rmSync, (tar: string) => renameSync(tar, `${tar}.mine`)]) {
      const { output, recording, tar } = await started();
      harm(tar);
      await expect(recording.append(text, photo('b'))).rejects.toThrow(/was removed or replaced while the run wrote/);
      // What follows would lie behind a hole.
      await expect(recording.append(text, photo('c'))).rejects.toThrow(/was removed or replaced/);
      await expect(recording.close()).rejects.toThrow();
      expect(await placesIn(openStore(output))).toHaveLength(1);
    }
  });

  it('is not written through a link that an attacker put in the place of its folder', async () => {
    const elsewhere = temporaryFolder();
    const output = placeOf('folder');
    mkdirSync(output);
    symlinkSync(elsewhere, join(output, 'pictures'));
    const recording = await opened(openStore(output), { photos: 10, bytes: 1e9 });
    await expect(recording.append(text, photo('a'))).rejects.toMatchObject({ code: 'name-taken' });
    await recording.close().catch(() => {});
    expect(readFileSync(join(output, MANIFEST), 'utf8')).toBe('');
  });

  it('takes a number behind all that is there', async () => {
    const output = placeOf('folder');
    mkdirSync(join(output, 'pictures'), { recursive: true });
    writeFileSync(join(output, 'pictures/00041.tar'), 'my own');
    const recording = await opened(openStore(output), { photos: 10, bytes: 1e9 });
    expect(JSON.parse(await recording.append(text, photo('a'))).packed.tar).toBe('pictures/00042.tar');
    await recording.close();
  });
});
