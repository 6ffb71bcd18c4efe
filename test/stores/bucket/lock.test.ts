import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { patience } from '../../../src/s3/patience.js';
import { bucketAt } from '../../../src/stores/bucket/bucket.js';
import { newMark } from '../../../src/stores/mark.js';
import { type S3Server, startS3 } from '../../helpers/s3-server.js';

const patient = { ...patience, first: 1, longest: 4 };
const MARK = 'bucket/out/.gapcam/run';

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
  Object.assign(process.env, server.environment);
});
beforeEach(() => {
  server.lax = false;
  server.objects.clear();
});
afterEach(() => vi.useRealTimers());
afterAll(() => server.close());

const place = (): ReturnType<typeof bucketAt> => bucketAt('s3://bucket/out', patient);

/** Leaves a mark, put so many milliseconds ago. */
const leaveMark = (mark: object | string, age: number): void => {
  const bytes = Buffer.from(typeof mark === 'string' ? mark : JSON.stringify(mark));
  server.objects.set(MARK, { bytes, etag: 'e', modified: Date.now() - age, notes: {} });
};

const elsewhere = { ...newMark(), space: 'another machine', host: 'far' };

describe('the mark of a run in a bucket', () => {
  it('keeps a second run out until it is removed, and is then gone', async () => {
    const [first, second] = [place(), place()];
    await first.lock();
    await expect(second.lock()).rejects.toMatchObject({ code: 'output-in-use' });
    await first.release();
    await second.lock();
    await second.release();
    expect([...server.objects.keys()]).toEqual([]);
  });

  it('of another machine counts until a minute after it was put', async () => {
    leaveMark(elsewhere, 55_000);
    await expect(place().lock()).rejects.toThrow(/on far\); wait for it/);
    leaveMark(elsewhere, 65_000);
    await place().lock();
    expect(server.objects.get(MARK)?.bytes.toString()).not.toContain('far');
  });

  it('of a process of this machine that has ended does not count', async () => {
    const { pid } = spawnSync('true');
    leaveMark({ ...newMark(), process: pid }, 0);
    await place().lock();
  });

  it("is never put over a file that is somebody's own", async () => {
    leaveMark('mine', 600_000);
    await expect(place().lock()).rejects.toMatchObject({ code: 'name-taken' });
    expect(server.objects.get(MARK)?.bytes.toString()).toBe('mine');
  });

  it('is refused where the service would let two runs write', async () => {
    server.lax = true;
    await expect(place().lock()).rejects.toMatchObject({ code: 'no-conditions' });
    expect(server.objects.size).toBe(0);
  });

  it('is put anew every 20 s, and a run whose mark was taken over ends without a further file', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const store = place();
    const lost = await store.lock();
    const etag = server.objects.get(MARK)?.etag;
    vi.advanceTimersByTime(20_000);
    await vi.waitUntil(() => server.objects.get(MARK)?.etag !== etag);
    expect(lost.aborted).toBe(false);
    leaveMark(elsewhere, 0);
    // The renewal before may be under way still.
    await vi.waitUntil(() => {
      vi.advanceTimersByTime(20_000);
      return lost.aborted;
    });
    expect(lost.reason).toMatchObject({ code: 'output-in-use' });
    await expect(store.create('a.jpg', 'x')).rejects.toMatchObject({ code: 'output-in-use' });
    await store.release();
    expect([...server.objects.keys()]).toEqual([MARK]);
  });

  it('is looked at before lines are kept, where the machine slept', async () => {
    const store = place();
    await store.lock();
    const manifest = await store.append('manifest.jsonl');
    await manifest.append('{}');
    leaveMark(elsewhere, 0);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 100_000 });
    await expect(manifest.close()).rejects.toMatchObject({ code: 'output-in-use' });
    expect([...server.objects.keys()]).toEqual([MARK]);
  });
});
