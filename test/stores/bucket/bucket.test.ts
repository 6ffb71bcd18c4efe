import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepLines, MANIFEST, wholeLines } from '../../../src/results/manifest.js';
import { patience } from '../../../src/s3/patience.js';
import { bucketAt } from '../../../src/stores/bucket/bucket.js';
import { isOfItsName } from '../../../src/stores/folder/errors.js';
import { bytesOf, type Store } from '../../../src/stores/store.js';
import { type Fault, type S3Server, startS3 } from '../../helpers/s3-server.js';

// Waits as long as any test, with short pauses.
const patient = { ...patience, first: 1, longest: 4 };
// Tries at least twice, and at most nine times.
const hurried = { ...patience, total: 400, contact: 400, first: 100, longest: 100 };

let server: S3Server;
let store: Store;
beforeAll(async () => {
  server = await startS3();
  Object.assign(process.env, server.environment);
});
beforeEach(() => {
  server.fault = () => undefined;
  server.requests.length = 0;
  server.objects.clear();
  store = bucketAt('s3://bucket/out/', patient);
});
afterAll(() => server.close());

const keys = (): string[] => [...server.objects.keys()].map((path) => path.replace('bucket/out/', '')).sort();

const linesIn = async (): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of wholeLines(bucketAt('s3://bucket/out', patient))) lines.push(line);
  return lines;
};

const lineOf = (number: number): string => JSON.stringify({ version: 2, photo: `${number}.jpg` });

const addLines = async (from: number, count: number): Promise<void> => {
  const manifest = await store.append(MANIFEST);
  for (let i = from; i < from + count; i++) await manifest.append(lineOf(i));
  await manifest.close();
};

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => lineOf(i));

describe('a manifest in a bucket', () => {
  it('is written in parts of a thousand lines, and read as one file, also from the middle', async () => {
    await addLines(0, 2500);
    await addLines(2500, 10);
    expect(keys()).toEqual([1, 2, 3, 4].map((number) => `manifest/00000${number}.jsonl`));
    expect(await linesIn()).toEqual(numbered(2510));
    const all = await bytesOf(store, MANIFEST);
    expect(await store.sizeOf(MANIFEST)).toBe(all.length);
    const pieces: Uint8Array[] = [];
    for await (const piece of store.read(MANIFEST, 40_000)) pieces.push(piece);
    expect(Buffer.concat(pieces)).toEqual(all.subarray(40_000));
    expect(Buffer.from(await store.readEnd(MANIFEST, 9))).toEqual(all.subarray(-9));
  });

  it('is written anew as one object, to which further parts are added', async () => {
    await addLines(0, 1500);
    await keepLines(store, ({ number }) => number <= 1000);
    expect(keys()).toEqual([MANIFEST]);
    await addLines(1000, 2);
    expect(keys()).toEqual([MANIFEST, 'manifest/000003.jsonl']);
    expect(await linesIn()).toEqual(numbered(1002));
  });

  it('has no line twice where a run is killed before the old parts are removed', async () => {
    await addLines(0, 1500);
    server.fault = (method) => (method === 'DELETE' ? { status: 403 } : undefined);
    await expect(keepLines(store, ({ number }) => number <= 1000)).rejects.toMatchObject({ code: 'bucket-denied' });
    server.fault = () => undefined;
    expect(keys()).toHaveLength(3);
    expect(await linesIn()).toEqual(numbered(1000));
    await addLines(1000, 1);
    expect(await linesIn()).toEqual(numbered(1001));
    await store.remove(MANIFEST);
    expect([keys(), await store.has(MANIFEST)]).toEqual([[], false]);
  });

  it("is not mixed with another run's: a part that is there already ends the run", async () => {
    const manifest = await store.append(MANIFEST);
    await addLines(0, 1);
    await manifest.append('other');
    await expect(manifest.close()).rejects.toMatchObject({ code: 'output-in-use' });
    expect(await linesIn()).toEqual(numbered(1));
  });
});

describe('a bucket that fails', () => {
  const faults: readonly Fault[] = [{ status: 503 }, { status: 500 }, { cut: true }, { lost: true }];

  it('loses nothing and doubles nothing, though two of three requests fail', async () => {
    server.fault = (_, __, count) => (count % 3 === 0 ? undefined : faults[count % 4]);
    await store.lock();
    for (let i = 0; i < 30; i++) await store.create(`${i}.jpg`, `picture ${i}`);
    await addLines(0, 2001);
    await keepLines(store, ({ number }) => number <= 1500);
    await addLines(1500, 10);
    expect(await linesIn()).toEqual(numbered(1510));
    await store.release();
    expect(keys().filter((key) => !key.startsWith('manifest'))).toEqual(
      Array.from({ length: 30 }, (_, i) => `${i}.jpg`).sort(),
    );
    expect((await bytesOf(store, '7.jpg')).toString()).toBe('picture 7');
    expect(server.requests.length).toBeLessThan(800);
  });

  it('is given up once for all: what a run does at its end does not wait anew', async () => {
    store = bucketAt('s3://bucket/out', hurried);
    await store.put('a', 'x');
    server.fault = () => ({ status: 503 });
    await expect(store.put('b', 'x')).rejects.toMatchObject({ code: 'bucket-unreachable' });
    const before = server.requests.length;
    await expect(store.sizeOf('a')).rejects.toMatchObject({ code: 'bucket-unreachable' });
    expect(server.requests.length - before).toBe(1);
    server.fault = () => undefined;
    expect(await store.sizeOf('a')).toBe(1);
  });

  it('loses no line without a word: what a part could not keep is said by the next line, or at the end', async () => {
    store = bucketAt('s3://bucket/out', hurried);
    const manifest = await store.append(MANIFEST);
    server.fault = (method) => (method === 'PUT' ? { status: 503 } : undefined);
    const all = (async () => {
      for (let i = 0; i < 1001; i++) await manifest.append(lineOf(i));
    })();
    await expect(all).rejects.toMatchObject({ code: 'bucket-unreachable' });
    await expect(manifest.close()).rejects.toMatchObject({ code: 'bucket-unreachable' });
  });
});

describe('a store in a bucket', () => {
  it('writes files of many parts, whole or not at all', async () => {
    const pieces = async function* (fail: boolean) {
      for (let i = 0; i < 40; i++) yield new Uint8Array(2 ** 20).fill(i);
      if (fail) throw new Error('no more');
      yield 'end';
    };
    await expect(store.putPieces('large.bin', pieces(true))).rejects.toThrow('no more');
    expect(keys()).toEqual([]);
    await store.putPieces('large.bin', pieces(false));
    const bytes = await bytesOf(store, 'large.bin');
    expect([bytes.length, bytes[0], bytes[39 * 2 ** 20], bytes.toString('utf8', 40 * 2 ** 20)]).toEqual([
      40 * 2 ** 20 + 3,
      0,
      39,
      'end',
    ]);
  });

  it('refuses names that would leave the place where somebody copies it to a disk', async () => {
    for (const name of ['../up.jpg', 'a/../../up.jpg', '/root.jpg', 'a//b.jpg', './x']) {
      await expect(store.create(name, 'x')).rejects.toMatchObject({ code: 'name-taken' });
      expect(await store.sizeOf(name)).toBe(undefined);
      await store.remove(name);
    }
    expect(server.requests).toEqual([]);
  });

  it('takes a name that is too long for the fault of the name', async () => {
    await store.create('x'.repeat(1024 - 4), 'x');
    const error = await store.create('x'.repeat(1024 - 3), 'x').catch((caught: unknown) => caught);
    expect(isOfItsName(error)).toBe(true);
  });

  it('looks up many files by listing them, and knows what it removed since', async () => {
    for (let i = 0; i < 200; i++) await store.put(`${i}.jpg`, 'x'.repeat(i));
    server.requests.length = 0;
    for (let i = 0; i < 200; i++) expect(await store.sizeOf(`${i}.jpg`)).toBe(i);
    expect(server.requests.length).toBeLessThan(30);
    await store.remove('5.jpg');
    expect(await store.sizeOf('5.jpg')).toBe(undefined);
    await store.put('6.jpg', 'other');
    expect(await store.sizeOf('6.jpg')).toBe(5);
    expect(await store.sizeOf('none.jpg')).toBe(undefined);
  });

  it.each(['s3://', 's3://x/', 's3://me:secret@host/x', 's3:///x'])('refuses %j, which names no bucket', (word) => {
    expect(() => bucketAt(word)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => bucketAt(word)).not.toThrow(/secret/);
  });
});
