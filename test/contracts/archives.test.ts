import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhotoError } from '../../src/errors.js';
import type { Entry } from '../../src/run/sources/archives/archive.js';
import { archiveEndings } from '../../src/run/sources/archives/endings.js';
import { archives } from '../../src/run/sources/archives/index.js';
import { openSource, sources } from '../../src/run/sources/index.js';
import type { Discovery } from '../../src/run/sources/source.js';
import { STANDARD_INPUT } from '../../src/run/sources/standard-input.js';
import { storages } from '../../src/run/sources/storage/index.js';
import { temporaryFolder } from '../helpers/folders.js';
import { type S3Server, startS3 } from '../helpers/s3-server.js';
import { tarOf } from '../helpers/tars.js';
import { startWeb, type WebServer } from '../helpers/web-server.js';

let [s3, web]: [S3Server, WebServer] = [] as never;
beforeAll(async () => {
  [s3, web] = [await startS3(), await startWeb()];
  Object.assign(process.env, s3.environment);
});
afterAll(() => Promise.all([s3.close(), web.close()]));

/** Where an archive may lie. A member that is added says here how. */
interface Home {
  /** The word that names a file, and its address. */
  readonly wordOf: (name: string) => string;
  readonly addressOf: (word: string) => string;
  readonly write: (word: string, bytes: Uint8Array) => void;
  readonly remove: (word: string) => void;
  /** Gives it another time. */
  readonly touch: (word: string) => void;
}

const pathIn = (word: string) => decodeURIComponent(new URL(word).pathname);
const keyIn = (word: string) => word.slice('s3://'.length);
let writes = 0;

const homes: Readonly<Record<string, Home>> = {
  local: {
    wordOf: (name) => join(temporaryFolder(), name),
    addressOf: (word) => word,
    write: (word, bytes) => writeFileSync(word, bytes),
    remove: (word) => rmSync(word),
    touch: (word) => utimesSync(word, 1, 1),
  },
  s3: {
    wordOf: (name) => `s3://bucket/${writes++}/${name}`,
    addressOf: (word) => word,
    write: (word, bytes) => {
      const object = { bytes: Buffer.from(bytes), etag: `${writes++}`, modified: 1e12, notes: {} };
      s3.objects.set(keyIn(word), object);
    },
    remove: (word) => s3.objects.delete(keyIn(word)),
    touch: (word) => {
      const object = s3.objects.get(keyIn(word));
      if (object !== undefined) s3.objects.set(keyIn(word), { ...object, modified: 1e12 + 5000 });
    },
  },
  http: {
    wordOf: (name) => `${web.origin}/${writes++}/${encodeURI(name)}`,
    addressOf: (word) => `local+${word}`,
    write: (word, bytes) => web.files.set(pathIn(word), bytes),
    remove: (word) => web.files.delete(pathIn(word)),
    touch: () => {
      web.modified = new Date(Date.parse(web.modified) + 1000).toUTCString();
    },
  },
};

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
    expect(Object.keys(homes).sort()).toEqual(Object.keys(storages).sort());
  });
});

const everywhere = Object.keys(archives).flatMap((kind) => Object.keys(homes).map((home) => [kind, home] as const));

describe.each(everywhere)('the archive %s, in the storage %s', (kind, home) => {
  const { wordOf, addressOf, write, remove, touch } = homes[home];
  const { list, read, stateOf, placeOf } = archives[kind];
  const [ending] = Object.entries(archiveEndings).find(([, name]) => name === kind) ?? [];
  const fileWith = (texts: readonly string[]) => {
    const word = wordOf(`some photos${ending}`);
    write(word, makers[kind](texts));
    return word;
  };
  const entriesOf = (word: string): Promise<Entry[]> => listOf(list(addressOf(word)));

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
    for (const { path, place } of await entriesOf(file)) expect(await placeOf(addressOf(file), path)).toBe(place);
    for (const path of ['7000', 'no.jpg', ''])
      expect(await stateOf(await placeOf(addressOf(file), path))).toBe(undefined);
    for (const path of ['7000', ''])
      await expect(read(await placeOf(addressOf(file), path))).rejects.toMatchObject({ code: 'missing' });
  });

  it('has places that a message between processes can carry', async () => {
    for (const { place } of await entriesOf(fileWith(photos))) expect(JSON.parse(JSON.stringify(place))).toBe(place);
  });

  it('tells the state of a photo as it is read: another once the archive has been written', async () => {
    const file = fileWith(photos);
    const [{ place }] = await entriesOf(file);
    const { state } = await read(place);
    expect(state).toEqual(await stateOf(place));
    expect(state.size).toBe(makers[kind](photos).length);
    touch(file);
    expect(await stateOf(place)).not.toEqual(state);
  });

  it('says that a photo is gone whose archive is gone, or has become shorter', async () => {
    const file = fileWith(photos);
    const places = (await entriesOf(file)).map(({ place }) => place);
    write(file, makers[kind](photos.slice(0, 1)));
    await expect(read(places[2])).rejects.toMatchObject({ code: 'missing' });
    remove(file);
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
      write(file, bytes);
      const last = (await entriesOf(file)).at(-1);
      expect(last?.path).toBe('');
      expect(last?.problem?.message).toMatch(/^The archive .*\.$/);
    }
    remove(file);
    expect((await entriesOf(file)).at(-1)?.problem?.code).toBe('unreadable');
  });

  it('is read from arguments and from standard input, beside files, under names below their folder', async () => {
    const file = fileWith(photos);
    const folder = temporaryFolder();
    const photo = join(home === 'local' ? join(file, '..') : folder, 'a.jpg');
    writeFileSync(photo, 'a file');
    const lines = Readable.from([`${file}\n${photo}\n`]);
    const output = join(folder, 'out');
    for (const inputs of [[file, photo], [STANDARD_INPUT]]) {
      const opened = openSource({ inputs, output, stdin: lines, allowLocal: true });
      const found = await listOf<Discovery>(opened.list(new AbortController().signal));
      const texts = await Promise.all(found.map(({ address }) => textOf(sources[opened.source].read(address))));
      expect(texts).toEqual([...photos, 'a file']);
      expect(opened.count).toBe(undefined);
      for (const { photo: name, address, state } of found) {
        // What is far away is not asked again.
        if (!name.includes('://')) expect(await opened.addressOf(name)).toBe(address);
        else expect(state).toEqual((await sources[opened.source].read(address)).state);
      }
      expect(found[0].photo).toMatch(new RegExp(`some(?: |%20)photos${ending}/`));
    }
  });

  it('is read by lines that each name one photo of it', async () => {
    const file = fileWith(photos);
    const [{ path }] = await entriesOf(file);
    const lines = Readable.from([`${file}/${path}\n${file}\n`]);
    const request = { inputs: [STANDARD_INPUT], output: '/nowhere', stdin: lines, eachLine: true, allowLocal: true };
    const opened = openSource(request);
    const [first, itself] = await listOf<Discovery>(opened.list(new AbortController().signal));
    expect(await textOf(sources.stdin.read(first.address))).toBe('first');
    expect(first.photo).toMatch(new RegExp(`some(?: |%20)photos${ending}/${path}$`));
    await expect(sources.stdin.read(itself.address)).rejects.toMatchObject({ code: 'missing' });
  });
});
