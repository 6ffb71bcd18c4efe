import { describe, expect, it } from 'vitest';
import { FETCHES, HELD, readAhead } from '../../../src/run/workers/ahead.js';

/** Photos that come when they are told to. */
const farPhotos = (count: number, size: number, known: number | undefined) => {
  const ahead = readAhead(2);
  let asked = 0;
  const come: ((fails?: boolean) => void)[] = [];
  const turns: { readonly index: number; readonly end: () => void; readonly read: () => Promise<object> }[] = [];
  const file = { bytes: { length: size } as Uint8Array, state: { size, modified: 0 } };
  for (let index = 0; index < count; index++) {
    const read = () => {
      asked++;
      return new Promise<typeof file>((resolve, reject) => {
        come.push((fails) => (fails ? reject(new Error('gone')) : resolve(file)));
      });
    };
    void ahead.fetched(read, known).then(({ end, read }) => turns.push({ index, end, read }));
  }
  /** Lets all that can happen at once happen. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { ahead, settle, come, turns, asked: () => asked };
};

describe('photos that are far away', () => {
  it('are fetched many at once, but worked on two at a time, each in its turn', async () => {
    const { settle, come, turns, asked } = farPhotos(40, 1000, 1000);
    await settle();
    expect([asked(), turns.length]).toEqual([FETCHES, 0]);
    for (const next of come.splice(0)) next();
    await settle();
    expect([asked(), turns.length]).toEqual([2 * FETCHES, 2]);
    for (const expected of [3, 4]) {
      // A second end makes no second place.
      turns[expected - 3].end();
      turns[expected - 3].end();
      await settle();
      expect(turns).toHaveLength(expected);
    }
    expect(turns.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ['no more bytes of them than are held, where their sizes are known', HELD / 4, HELD / 4, 4],
    ['no more bytes of them than are held, where they are not', HELD / 4, undefined, 4],
    ['one that has more than is held, alone', 2 * HELD, 2 * HELD, 1],
  ])('are fetched: %s', async (_, size, known, most) => {
    const { settle, come, turns, asked } = farPhotos(20, size, known);
    await settle();
    expect(asked()).toBe(most);
    for (const next of come.splice(0)) next();
    await settle();
    // What is worked on is no longer held.
    expect(turns).toHaveLength(Math.min(2, most));
    expect(asked()).toBe(most + Math.min(2, most));
  });

  it('are fetched with less caution once it is known how large they are', async () => {
    const { settle, come, asked } = farPhotos(40, 1000, undefined);
    await settle();
    expect(asked()).toBe(4);
    come.splice(0)[0]();
    await settle();
    expect(asked()).toBeGreaterThan(10);
  });

  it('cost themselves alone where they cannot be fetched', async () => {
    const { settle, come, turns, asked } = farPhotos(20, 1000, 1000);
    await settle();
    for (const next of come.splice(0)) next(true);
    await settle();
    expect(asked()).toBe(20);
    await expect(turns[0].read()).rejects.toThrow('gone');
    for (let i = 0; i < 20; i++) {
      turns[i].end();
      await settle();
      for (const next of come.splice(0)) next();
      await settle();
    }
    expect(turns).toHaveLength(20);
  });

  it('have no turn any more once they are forgotten, while others have', async () => {
    const { ahead, settle, come, turns } = farPhotos(20, 1000, 1000);
    await settle();
    for (const next of come.splice(0)) next();
    await settle();
    ahead.forget();
    const near = ahead.atOnce(async () => ({ bytes: Buffer.alloc(1), state: { size: 1, modified: 0 } }));
    for (const { end } of [...turns, near]) end();
    await settle();
    expect(turns).toHaveLength(2);
    expect((await near.read()).bytes).toHaveLength(1);
  });
});
