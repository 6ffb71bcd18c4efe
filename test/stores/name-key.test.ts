import { expect, it, vi } from 'vitest';

const hashed = vi.hoisted((): string[] => []);

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const hash = (algorithm: string, data: string | Buffer, encoding: 'buffer'): Buffer => {
    hashed.push(String(data));
    return crypto.hash(algorithm, data, encoding);
  };
  return { ...crypto, hash };
});

/** The texts of which a new process would take digests for these names. */
const hashedFor = async (names: readonly string[]): Promise<readonly string[]> => {
  vi.resetModules();
  const { nameSet } = await import('../../src/stores/name-set.js');
  hashed.length = 0;
  const set = nameSet();
  for (const name of names) set.add(name);
  return [...hashed];
};

it('names made so that their digests are equal, which would leave one of the photos out, are not so in a process: it has a key', async () => {
  const names = ['a.jpg', 'a.jpg.jpg', 'byte \udce9.jpg'];
  const [once, again] = [await hashedFor(names), await hashedFor(names)];
  expect(once).toHaveLength(names.length);
  names.forEach((_, i) => expect(once[i]).not.toBe(again[i]));
  // One key for all names of a process, or none would be found again.
  expect(once[0].slice(0, -5)).toBe(once[1].slice(0, -9));
});
