import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { PhotoError } from '../../src/errors.js';
import type { Entry } from '../../src/run/sources/archives/archive.js';
import { archiveEndings } from '../../src/run/sources/archives/endings.js';
import { archives } from '../../src/run/sources/archives/index.js';
import { openSource, sources } from '../../src/run/sources/index.js';
import type { Discovery } from '../../src/run/sources/source.js';
import { STANDARD_INPUT } from '../../src/run/sources/standard-input.js';
import { temporaryFolder } from '../helpers/folders.js';
import { tarOf } from '../helpers/tars.js';

/** How each kind of archive is made of these photos. A member that is added says here how. */
const makers: Readonly<Record<string, (photos: readonly string[]) => Uint8Array>> = {
  tar: (photos) => tarOf(photos.map((data, index) => ({ name: `deep/${index}.jpg`, data }))),
  parquet: (photos) => {
    const data = photos.map((text) => new Uint8Array(Buffer.from(text)));
    return new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'image', data, type: 'BYTE_ARRAY' }] }));
  },
};

const photos = ['first', 'second', 'third'];

const listOf = async <T>(list: Iterable<T> | AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of list) all.push(item);
  return all;
};

const textOf = async (read: Promise<{ bytes: Uint8Array }>): Promise<string> =>
  Buffer.from((await read).bytes).toString();

describe('the archives', () => {
  it('have each a maker here, and endings', () => {
    expect(Object.keys(makers).sort()).toEqual(Object.keys(archives).sort());
    expect(Object.values(archiveEndings).sort()).toEqual(Object.keys(archives).sort());
  });
});

describe.each(Object.keys(archives))('the archive %s', (kind) => {
  const { list, read, stateOf, placeOf } = archives[kind];
  const [ending] = Object.entries(archiveEndings).find(([, name]) => name === kind) ?? [];
  const fileWith = (texts: readonly string[]) => {
    const file = join(temporaryFolder(), `some photos${ending}`);
    writeFileSync(file, makers[kind](texts));
    return file;
  };
  const entriesOf = (file: string): Promise<Entry[]> => listOf(list(file));

  it('lists photos in their order, the same each time, and reads each by its place, in any order', async () => {
    const file = fileWith(photos);
    const entries = await entriesOf(file);
    expect(entries.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
    expect(new Set(entries.map(({ path }) => path)).size).toBe(3);
    expect(await entriesOf(file)).toEqual(entries);
    for (const index of [2, 0, 1, 2]) expect(await textOf(read(entries[index].place))).toBe(photos[index]);
  });

  it('finds the place of a photo by its path, and knows the state of none that is not there', async () => {
    const file = fileWith(photos);
    for (const { path, place } of await entriesOf(file)) expect(await placeOf(file, path)).toBe(place);
    for (const path of ['7000', 'no.jpg', '']) expect(await stateOf(await placeOf(file, path))).toBe(undefined);
    for (const path of ['7000', ''])
      await expect(read(await placeOf(file, path))).rejects.toMatchObject({ code: 'missing' });
  });

  it('has places that a message between processes can carry', async () => {
    for (const { place } of await entriesOf(fileWith(photos))) expect(JSON.parse(JSON.stringify(place))).toBe(place);
  });

  it('tells the state of a photo as it is read: another once the archive has been written', async () => {
    const file = fileWith(photos);
    const [{ place }] = await entriesOf(file);
    const { state } = await read(place);
    expect(state).toEqual(await stateOf(place));
    expect(state.size).toBe(statSync(file).size);
    utimesSync(file, 1, 1);
    expect(await stateOf(place)).not.toEqual(state);
  });

  it('says that a photo is gone whose archive is gone, or has become shorter', async () => {
    const file = fileWith(photos);
    const places = (await entriesOf(file)).map(({ place }) => place);
    writeFileSync(file, makers[kind](photos.slice(0, 1)));
    await expect(read(places[2])).rejects.toMatchObject({ code: 'missing' });
    rmSync(file);
    await expect(read(places[0])).rejects.toBeInstanceOf(PhotoError);
    await expect(read(places[0])).rejects.toMatchObject({ code: 'missing' });
    expect(await stateOf(places[0])).toBe(undefined);
  });

  it('ends with one sentence where the archive is empty, no archive, cut at any place or gone', async () => {
    const whole = makers[kind](photos);
    const file = fileWith([]);
    expect((await entriesOf(file)).map(({ path, problem }) => [path, problem?.code])).toEqual([['', 'no-photos']]);
    const damaged = [Buffer.from('no archive'), Buffer.alloc(0)];
    for (let length = 1; length < whole.length - 1024; length += 61)
      damaged.push(Buffer.from(whole.subarray(0, length)));
    for (const bytes of damaged) {
      writeFileSync(file, bytes);
      const last = (await entriesOf(file)).at(-1);
      expect(last?.path).toBe('');
      expect(last?.problem?.message).toMatch(/^The archive .*\.$/);
    }
    rmSync(file);
    expect((await entriesOf(file)).at(-1)?.problem?.code).toBe('unreadable');
  });

  it('is read from arguments and from standard input, beside files, under names below their folder', async () => {
    const file = fileWith(photos);
    const photo = join(file, '..', 'a.jpg');
    writeFileSync(photo, 'a file');
    const lines = Readable.from([`${file}\n${photo}\n`]);
    const output = join(file, '..', 'out');
    for (const inputs of [[file, photo], [STANDARD_INPUT]]) {
      const opened = openSource({ inputs, output, stdin: lines });
      const found = await listOf<Discovery>(opened.list(new AbortController().signal));
      const texts = await Promise.all(found.map(({ address }) => textOf(sources[opened.source].read(address))));
      expect(texts).toEqual([...photos, 'a file']);
      expect(opened.count).toBe(undefined);
      for (const discovery of found) expect(await opened.addressOf(discovery.photo)).toBe(discovery.address);
      expect(found[0].photo).toMatch(new RegExp(`some photos${ending}/`));
    }
  });
});
