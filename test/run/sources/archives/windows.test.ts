import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowsOf } from '../../../../src/run/sources/archives/windows.js';

const MEGABYTE = 2 ** 20;

/** A far file, each byte of which tells its place, and what was fetched of it. */
const farFile = (size: number) => {
  const fetched: (readonly [start: number, length: number])[] = [];
  const byteAt = (at: number) => (at * 31 + (at >> 8)) & 255;
  const bytesFrom = (start: number, length: number) =>
    Buffer.from(Array.from({ length: Math.max(0, Math.min(length, size - start)) }, (_, i) => byteAt(start + i)));
  const part = async (start: number, length: number) => {
    fetched.push([start, length]);
    return { bytes: bytesFrom(start, length), state: { size, modified: 0 } };
  };
  return { read: windowsOf(part, size), bytesFrom, fetched };
};

describe('windows of a far file', () => {
  it('give the bytes that are asked for, however they lie', async () => {
    const step = fc.record({
      skip: fc.oneof(fc.nat(2000), fc.nat(400_000), fc.nat(3 * MEGABYTE)),
      wanted: fc.oneof(fc.constant(512), fc.nat(200_000)),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(4 * MEGABYTE), fc.array(step, { maxLength: 12 }), async (size, steps) => {
        const { read, bytesFrom, fetched } = farFile(size);
        let at = 0;
        for (const { skip, wanted } of steps) {
          at += skip;
          if (at >= size) break;
          expect((await read(at, wanted)).equals(bytesFrom(at, wanted))).toBe(true);
          at += wanted;
        }
        for (const [start, length] of fetched) {
          expect(start + length).toBeLessThanOrEqual(size);
          expect(length).toBeLessThanOrEqual(MEGABYTE);
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it('are fetched ahead, and each byte once, where little is skipped', async () => {
    const size = 20 * MEGABYTE;
    const { read, fetched } = farFile(size);
    for (let at = 0; at < size; at += 150_000) await read(at, 512);
    const total = fetched.reduce((sum, [, length]) => sum + length, 0);
    expect(total).toBeLessThanOrEqual(size + MEGABYTE);
    // Of a window that is read, the next is under way already.
    expect(fetched.length).toBeLessThan(size / 150_000 / 4);
    const { read: again, fetched: early } = farFile(size);
    await again(0, 512);
    expect(early).toHaveLength(2);
  });

  it('fetch little where much is skipped', async () => {
    const size = 200 * MEGABYTE;
    const { read, fetched } = farFile(size);
    for (let at = 0; at < size; at += 10 * MEGABYTE) await read(at, 512);
    const total = fetched.reduce((sum, [, length]) => sum + length, 0);
    expect(total).toBeLessThan(20 * 2 ** 15 + 2 * MEGABYTE);
  });

  it('say it where bytes cannot be fetched', async () => {
    const read = windowsOf(async (start) => {
      if (start > 0) throw new Error('gone');
      return { bytes: Buffer.alloc(2 ** 16), state: { size: 0, modified: 0 } };
    }, MEGABYTE);
    expect(await read(0, 512)).toHaveLength(512);
    await expect(read(2 ** 16, 512)).rejects.toThrow('gone');
  });
});
