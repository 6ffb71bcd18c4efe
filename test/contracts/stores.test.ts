import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import { writeReport } from '../../src/report/write.js';
import { toText } from '../../src/results/line.js';
import { MANIFEST, wholeLines } from '../../src/results/manifest.js';
import { SETTINGS } from '../../src/results/settings.js';
import { mergeRuns } from '../../src/run/merge.js';
import { finishedPhotos, standingOf } from '../../src/run/resume.js';
import { openStore, stores } from '../../src/stores/index.js';
import { bytesOf, type Store } from '../../src/stores/store.js';
import { temporaryFolder } from '../helpers/folders.js';
import { memory } from '../helpers/memory-store.js';
import { lineOf, settingsFor } from '../helpers/reports.js';
import { type S3Server, startS3 } from '../helpers/s3-server.js';

// A member that only this test has: what a new kind of store must do to be used by a run, a merge and a report.
stores.memory = memory;

let made = 0;
/** A new place of each kind; a folder's is a path. */
const placeOf = (kind: string): string => {
  if (kind === 'folder') return join(temporaryFolder(), 'out');
  return kind === 's3' ? `s3://bucket/a b/out-${made++}/` : `${kind}://${made++}`;
};

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
  Object.assign(process.env, server.environment);
});
afterAll(() => server.close());

const lockedStore = async (kind: string): Promise<Store> => {
  const store = openStore(placeOf(kind));
  await store.lock();
  return store;
};

const textIn = async (store: Store, name: string): Promise<string> => (await bytesOf(store, name)).toString();

const listOf = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};

describe.each(Object.keys(stores))('a store of kind %s', (kind) => {
  it('is found by its place, also in another process', async () => {
    const store = await lockedStore(kind);
    await store.put('a.txt', 'words');
    expect(await textIn(openStore(store.place), 'a.txt')).toBe('words');
  });

  it.each(['a.jpg', 'a/b c/d.jpg', 'Größe "x" \'y\' 100%.jpg', 'two\nlines.jpg', 'byte \udce9.jpg'])(
    'gives back what was put under the name %j, and lists and removes it',
    async (name) => {
      const store = await lockedStore(kind);
      const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
      await store.put(name, bytes);
      expect([...(await bytesOf(store, name))]).toEqual([...bytes]);
      expect([...(await store.readEnd(name, 2))]).toEqual([998 % 256, 999 % 256]);
      expect(await store.has(name)).toBe(true);
      await store.put(name, 'other');
      expect(await textIn(store, name)).toBe('other');
      await store.remove(name);
      expect(await store.has(name)).toBe(false);
    },
  );

  it('creates a file where there is none, and never in the place of another', async () => {
    const store = await lockedStore(kind);
    await store.create('a/b.jpg', 'picture');
    await store.create('a/b.jpg', 'picture');
    await expect(store.create('a/b.jpg', 'other')).rejects.toMatchObject({ code: 'name-taken' });
    expect(await textIn(store, 'a/b.jpg')).toBe('picture');
    expect(await store.sizeOf('a/b.jpg')).toBe(7);
    expect(await store.sizeOf('a')).toBe(undefined);
    expect(await store.sizeOf('none')).toBe(undefined);
  });

  it('reads a file from a byte on', async () => {
    const store = await lockedStore(kind);
    await store.put('x', 'one, two');
    const pieces = await listOf(store.read('x', 5));
    expect(Buffer.concat(pieces.map((piece) => Buffer.from(piece))).toString()).toBe('two');
  });

  it('puts a file whole: who reads meanwhile sees the one before or the one after', async () => {
    const store = await lockedStore(kind);
    const [before, after] = ['a', 'b'].map((letter) => letter.repeat(300_000));
    await store.put('x', before);
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await store.put('x', i % 2 === 0 ? after : before);
      return 'written';
    })();
    const wait = async (): Promise<string> => 'not yet';
    do expect([before, after].includes(await textIn(store, 'x'))).toBe(true);
    while ((await Promise.race([writing, wait()])) !== 'written');
  });

  it('has a file to which no line was added, and reads nothing of it', async () => {
    const store = await lockedStore(kind);
    for (let i = 0; i < 2; i++) await (await store.append('lines.jsonl')).close();
    expect(await store.has('lines.jsonl')).toBe(true);
    expect(await textIn(store, 'lines.jsonl')).toBe('');
    const lines = await store.append('lines.jsonl');
    await lines.append('words');
    await lines.close();
    expect(await textIn(store, 'lines.jsonl')).toBe('words\n');
  });

  it('keeps lines in order, whole, and after those that are there', async () => {
    const store = await lockedStore(kind);
    for (const start of [0, 100]) {
      const lines = await store.append('lines.jsonl');
      await Promise.all(Array.from({ length: 100 }, (_, i) => lines.append(`line ${start + i} ${'x'.repeat(i)}`)));
      await lines.close();
    }
    const text = await textIn(store, 'lines.jsonl');
    expect(text.endsWith('\n')).toBe(true);
    const numbers = text
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]));
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('adds bytes to a file of which it keeps the beginning, where its files can grow', async () => {
    const store = await lockedStore(kind);
    if (store.extend === undefined) return;
    await store.create('a/b.tar', 'one, torn');
    const file = await store.extend('a/b.tar', 5);
    for (const word of ['two, ', 'three']) file?.write(Buffer.from(word));
    file?.close();
    expect(await textIn(store, 'a/b.tar')).toBe('one, two, three');
    await expect(store.extend('none', 1)).rejects.toMatchObject({ code: 'output-unwritable' });
  });

  it('writes many lines as one file', async () => {
    const store = await lockedStore(kind);
    await store.put('lines', 'before');
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i} ${'x'.repeat(50)}`);
    await store.putLines('lines', Readable.from(lines));
    expect(await textIn(store, 'lines')).toBe(`${lines.join('\n')}\n`);
  });

  it('writes text and bytes as one file, piece by piece, though a piece is overwritten by the next', async () => {
    const store = await lockedStore(kind);
    const shared = new Uint8Array(100_000);
    const pieces = async function* () {
      for (let i = 0; i < 30; i++) yield shared.fill(i);
      yield 'end';
    };
    await store.putPieces('all', pieces());
    const bytes = await bytesOf(store, 'all');
    expect(bytes).toHaveLength(3_000_003);
    expect([bytes[0], bytes[1_250_000], bytes[2_999_999], bytes.toString('utf8', 3_000_000)]).toEqual([
      0,
      12,
      29,
      'end',
    ]);
  });

  it('lists what lies directly in a folder, and removes that only once it is empty', async () => {
    const store = await lockedStore(kind);
    for (const name of ['data/one/a.js', 'data/two/b.js', 'data/c.js', 'other.js']) await store.put(name, '');
    expect([...(await store.list('data'))].sort()).toEqual(['c.js', 'one', 'two']);
    expect(await store.list('none')).toEqual([]);
    expect(await store.list('other.js')).toEqual([]);
    expect(await Promise.all(['data', 'data/one', 'other.js', 'none'].map(store.isFolder))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    await store.remove('data/one');
    expect([...(await store.list('data/one'))]).toEqual(['a.js']);
    await store.remove('data/one/a.js');
    await store.remove('data/one');
    expect([...(await store.list('data'))].sort()).toEqual(['c.js', 'two']);
    await store.remove('none');
  });

  it('says that a file is not there', async () => {
    const store = await lockedStore(kind);
    expect(await store.has('none')).toBe(false);
    await expect(bytesOf(store, 'none')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('holds nothing but what was put there when it is released', async () => {
    const store = await lockedStore(kind);
    await store.put('a/b.jpg', 'x');
    await store.release();
    expect(await store.has('.gapcam')).toBe(false);
    expect(await textIn(store, 'a/b.jpg')).toBe('x');
  });

  it.each(Object.keys(stores))(
    'takes over a file of a store of kind %s, but not over another of the same name',
    async (other) => {
      const [store, source] = [await lockedStore(kind), await lockedStore(other)];
      await source.put('a/b.jpg', 'picture');
      await store.copyFrom(source, 'a/b.jpg');
      await store.copyFrom(source, 'a/b.jpg');
      expect(await textIn(store, 'a/b.jpg')).toBe('picture');
      await store.copyFrom(source, 'a/b.jpg', 'c/d.jpg');
      expect(await textIn(store, 'c/d.jpg')).toBe('picture');
      await source.put('a/b.jpg', 'another');
      await expect(store.copyFrom(source, 'a/b.jpg')).rejects.toMatchObject({ code: 'name-taken' });
      expect(await textIn(store, 'a/b.jpg')).toBe('picture');
    },
  );
});

const labels = ['cat', 'dog'];

/** A store with the results of a run of these photos. */
const runIn = async (kind: string, photos: readonly string[], torn = ''): Promise<Store> => {
  const store = await lockedStore(kind);
  const lines = photos.map((photo) => lineOf({ photo }, labels));
  for (const { maps } of lines) for (const { files } of maps) await store.put(files[0], 'picture');
  await store.put(MANIFEST, lines.map((line) => `${toText(line)}\n`).join('') + torn);
  await store.put(SETTINGS, JSON.stringify({ ...settingsFor(labels, { photos: '/photos' }), complete: true }));
  return store;
};

describe.each(Object.keys(stores))('the results in a store of kind %s', (kind) => {
  const { signal } = new AbortController();

  it('are gone on with: photos whose pictures are there are done, a torn line is dropped', async () => {
    const store = await runIn(kind, ['a.jpg', 'b.jpg', 'gone.jpg'], '{"photo":"torn');
    await store.remove('gone.jpg.0.jpg');
    const earlier = await finishedPhotos(store, signal);
    const standings = ['a.jpg', 'b.jpg', 'gone.jpg', 'new.jpg'].map((photo) =>
      standingOf(earlier, { photo, address: photo, displayPath: photo }, () => undefined),
    );
    expect(await Promise.all(standings)).toEqual(['done', 'done', 'again', 'new']);
    expect(earlier.unreadable).toBe(1);
    expect(await listOf(wholeLines(store))).toHaveLength(3);
    expect((await textIn(store, MANIFEST)).endsWith('}\n')).toBe(true);
  });

  it.each(Object.keys(stores))('are merged into one of kind %s', async (other) => {
    const parts = [await runIn(kind, ['a.jpg', 'b.jpg']), await runIn(kind, ['b.jpg', 'c.jpg'])];
    for (const part of parts) await part.release();
    const target = openStore(placeOf(other));
    const outputs = parts.map(({ place }) => place);
    const counts = await mergeRuns({ outputs, target: target.place, overwrite: false, signal });
    expect(counts).toEqual({ photos: 3, failed: 0, unread: 0, missing: [], incomplete: [], unreadable: [] });
    expect(await textIn(target, 'c.jpg.0.jpg')).toBe('picture');
    expect((await listOf(wholeLines(target))).map((line) => JSON.parse(line).photo)).toEqual([
      'a.jpg',
      'b.jpg',
      'c.jpg',
    ]);
  });

  it('get a report', async () => {
    const store = await runIn(kind, ['a.jpg', 'b.jpg']);
    await store.release();
    await writeReport(store.place);
    expect(await textIn(store, 'report.html')).toContain('"explained":2');
    const [data] = await store.list('report-data');
    expect(await textIn(store, `report-data/${data}/photos-0.js`)).toContain('b.jpg');
  });

  it('are held against the truth, again too', async () => {
    const store = await runIn(kind, ['a.jpg', 'b.jpg']);
    await store.release();
    const truth = join(temporaryFolder(), 'truth.json');
    const image = { id: 1, file_name: 'b.jpg', width: 451, height: 300 };
    const annotation = { id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 9, 9], area: 81, iscrowd: 0 };
    const categories = [{ id: 1, name: labels[0] }];
    writeFileSync(truth, JSON.stringify({ images: [image], annotations: [annotation], categories }));
    for (let time = 0; time < 2; time++) {
      const plan = { output: store.place, truth, mapClasses: undefined, profile: 'photo', threshold: 0.2 } as const;
      const metrics = { metrics: ['pointing'], measured: false, isBlacklisted: () => false } as const;
      const { evaluation } = await evaluate({
        ...plan,
        ...metrics,
        processes: 1,
        signal,
        onCount: () => {},
        onPhoto: () => {},
      });
      expect(evaluation).toMatchObject({ photos: 2, metrics: { pointing: { n: 1 } } });
      expect(JSON.parse(await textIn(store, 'evaluation.json'))).toEqual(evaluation);
      expect((await textIn(store, 'evaluation.jsonl')).split('\n')).toHaveLength(3);
    }
  });
});
