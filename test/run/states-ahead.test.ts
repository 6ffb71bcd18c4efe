import { describe, expect, it } from 'vitest';
import type { EarlierPhotos } from '../../src/run/resume.js';
import type { Discovery } from '../../src/run/sources/source.js';
import { pulledAhead, withStates } from '../../src/run/states-ahead.js';
import { nameTable } from '../../src/stores/name-set.js';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i;
}

describe('items that are pulled before they are wanted', () => {
  it('come in their order, none twice, and no more of them ahead than are asked for', async () => {
    const [pulled, given]: [number[], number[]] = [[], []];
    for await (const item of pulledAhead(numbers(100), 8, (item) => pulled.push(item))) {
      given.push(item);
      expect(pulled.length - given.length).toBeLessThanOrEqual(8);
    }
    expect(given).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(pulled).toEqual(given);
  });

  it('come as they are there, though the next never does', async () => {
    async function* slow() {
      yield 1;
      await new Promise(() => {});
    }
    const items = pulledAhead(slow(), 8, () => {});
    expect(await items.next()).toEqual({ done: false, value: 1 });
    await items.return(undefined);
  });

  it('end in the error in which they end', async () => {
    async function* failing() {
      yield 1;
      throw new Error('gone');
    }
    const items = pulledAhead(failing(), 8, () => {});
    await items.next();
    await expect(items.next()).rejects.toThrow('gone');
  });
});

it('states of far photos that were done before are asked for many at a time, once each, and of no others', async () => {
  const table = nameTable();
  // Of the first twenty photos a digest of their state is known; the next failed.
  for (let i = 0; i < 20; i++) table.set(`${i}`, 0, 1000);
  table.set('20', 0, 0);
  const earlier: EarlierPhotos = { table, unreadable: 0, superseded: 0 };
  async function* list(): AsyncGenerator<Discovery> {
    for (let i = 0; i < 40; i++) {
      const known = i === 3 ? { state: { size: 1, modified: 0 } } : {};
      yield { photo: `${i}`, address: i === 4 ? 'near' : `far ${i}`, displayPath: '', ...known };
    }
  }
  const asked: string[] = [];
  let answer = () => {};
  const answered = new Promise<undefined>((resolve) => {
    answer = () => resolve(undefined);
  });
  const source = {
    isFar: (address: string) => address.startsWith('far'),
    stateOf: (address: string) => {
      asked.push(address);
      return answered;
    },
  };
  const states = withStates(list(), earlier, source, true);
  const items: Discovery[] = [];
  for await (const item of states.list) {
    items.push(item);
    if (items.length === 1) {
      await new Promise((resolve) => setImmediate(resolve));
      expect(asked).toHaveLength(18);
      answer();
    }
  }
  for (const item of items) await states.stateOf(item);
  expect(asked.filter((address) => address === 'far 0')).toHaveLength(1);
  expect(asked).toHaveLength(40);
});
