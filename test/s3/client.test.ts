import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openS3, type S3 } from '../../src/s3/client.js';
import { patience } from '../../src/s3/patience.js';
import { type S3Server, startS3 } from '../helpers/s3-server.js';

// Waits as long as any test, with short pauses.
const patient = { ...patience, first: 1, longest: 4 };
// Tries at least twice, and at most nine times.
const hurried = { ...patience, total: 400, contact: 400, first: 100, longest: 100 };

let server: S3Server;
let s3: S3;
beforeAll(async () => {
  server = await startS3();
  Object.assign(process.env, server.environment);
});
beforeEach(async () => {
  s3 = await openS3('bucket', patient);
  server.fault = () => undefined;
  server.requests.length = 0;
  server.objects.clear();
});
afterAll(() => server.close());

const keysOf = async (entries: AsyncIterable<{ readonly key: string }>): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of entries) keys.push(key);
  return keys;
};

const ODD = [
  'a b.jpg',
  'a+b.jpg',
  '100%.jpg',
  'Größe é.jpg',
  '..',
  'x/../y',
  'folder/',
  'two\nlines',
  'a%2Fb',
  '"<&>\'',
  '//x',
];

describe('a client of a bucket', () => {
  it.each(ODD)('writes, reads, measures, lists and removes the key %j', async (key) => {
    const bytes = Buffer.from('some bytes');
    expect(await s3.put(key, bytes)).toHaveLength(32);
    expect((await s3.get(key)).bytes).toEqual(bytes);
    expect((await s3.get(key, { start: 5, length: 3 })).bytes.toString()).toBe('byt');
    expect(await s3.head(key)).toMatchObject({ size: 10 });
    expect(await keysOf(s3.list(''))).toEqual([key]);
    await s3.remove(key);
    expect(await s3.head(key)).toBe(undefined);
    await expect(s3.get(key)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('writes only where nothing is, or only in the place of what it knows', async () => {
    const etag = await s3.put('a', Buffer.from('one'), { ifNoneMatch: true, notes: { through: '17' } });
    expect(await s3.put('a', Buffer.from('two'), { ifNoneMatch: true })).toBe(undefined);
    expect(await s3.put('a', Buffer.from('two'), { ifMatch: 'another' })).toBe(undefined);
    expect(await s3.head('a')).toMatchObject({ etag, notes: { through: '17' } });
    expect(await s3.put('a', Buffer.from('two'), { ifMatch: etag })).toHaveLength(32);
    expect(await s3.put('none', Buffer.from('two'), { ifMatch: etag })).toBe(undefined);
  });

  it('reads no object that has more bytes than it may have', async () => {
    await s3.put('a', Buffer.from('some bytes'));
    expect((await s3.get('a', undefined, 10)).bytes).toHaveLength(10);
    await expect(s3.get('a', undefined, 9)).rejects.toMatchObject({ code: 'EFBIG' });
    expect(server.requests.filter((line) => line.startsWith('GET'))).toHaveLength(2);
  });

  it('lists more than a page, and what lies directly in a folder', async () => {
    for (let i = 0; i < 2500; i++)
      server.objects.set(`bucket/k/${i % 2 ? 'odd/' : ''}${i}`, {
        bytes: Buffer.of(1),
        etag: 'e',
        modified: 0,
        notes: {},
      });
    expect(await keysOf(s3.list('k/'))).toHaveLength(2500);
    const direct = await keysOf(s3.listFolder('k/'));
    expect(direct).toHaveLength(1251);
    expect(direct).toContain('k/odd/');
  });

  it.each([
    ['500', { status: 500 }],
    ['503 SlowDown', { status: 503 }],
    ['a cut body', { cut: true }],
    ['a lost answer', { lost: true }],
  ] as const)('tries again after %s, and reads and writes all of it', async (_, fault) => {
    server.fault = (__, ___, count) => (count % 3 === 0 ? undefined : fault);
    expect(await s3.put('a', Buffer.from('x'.repeat(100_000)))).toHaveLength(32);
    expect((await s3.get('a')).bytes.toString()).toBe('x'.repeat(100_000));
    expect(await keysOf(s3.list(''))).toEqual(['a']);
  });

  it('gives up in a sentence what keeps failing, after a bounded number of requests', async () => {
    server.fault = () => ({ status: 503 });
    const ending = await openS3('bucket', hurried);
    await expect(ending.get('a')).rejects.toMatchObject({
      code: 'bucket-unreachable',
      message: expect.stringMatching(/^Cannot read s3:\/\/bucket\/a: for 1 s .*SlowDown/),
    });
    expect(server.requests.length).toBeGreaterThan(1);
    expect(server.requests.length).toBeLessThan(10);
  });

  it('asks once, and says so, where the answer will stay the same', async () => {
    const none = await openS3('no-such-bucket', patient);
    await expect(none.get('a')).rejects.toMatchObject({ code: 'no-bucket' });
    server.fault = () => ({ status: 403 });
    await expect(s3.put('a', Buffer.of(1))).rejects.toMatchObject({ code: 'bucket-denied' });
    expect(server.requests).toHaveLength(2);
  });

  it('repeats no secret in an error: no key, no signature, no answer of a stranger', async () => {
    server.fault = () => ({ status: 400 });
    const error = await s3.get('a').catch((caught: unknown) => caught);
    const all = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).cause);
    expect(all).toContain('bucket-refused');
    expect(all).not.toMatch(/AKIASECRET|topsecret|Signature/);
    process.env.AWS_ENDPOINT_URL_S3 = 'ftp://me:topsecret@host';
    await expect(openS3('bucket', patient)).rejects.toThrow(/^AWS_ENDPOINT_URL is no address/);
    process.env.AWS_ENDPOINT_URL_S3 = server.endpoint;
  });
});
