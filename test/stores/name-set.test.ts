import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameSet, nameTable } from '../../src/stores/name-set.js';

describe('a set of names', () => {
  it('answers as a Set does, whatever the names', () => {
    const names = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.string({ maxLength: 2 })), {
      maxLength: 3000,
    });
    fc.assert(
      fc.property(names, fc.string(), (added, asked) => {
        const [ours, theirs] = [nameSet(), new Set<string>()];
        for (const name of added) {
          expect(ours.add(name)).toBe(!theirs.has(name));
          theirs.add(name);
        }
        expect(ours.size()).toBe(theirs.size);
        expect(ours.has(asked)).toBe(theirs.has(asked));
        expect(added.every((name) => ours.has(name))).toBe(true);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('keeps names apart that differ in one byte that is no character', () => {
    const names = Array.from({ length: 128 }, (_, i) => `photo-${String.fromCharCode(0xdc80 + i)}.jpg`);
    const set = nameSet();
    for (const name of names) expect(set.add(name)).toBe(true);
    for (const name of names) expect(set.add(name)).toBe(false);
  });

  it('grows with the number of names, not with their length', () => {
    const set = nameSet();
    const before = process.memoryUsage();
    const long = 'n'.repeat(1000);
    for (let i = 0; i < 200_000; i++) set.add(`${long}${i}`);
    const { arrayBuffers } = process.memoryUsage();
    expect(set.size()).toBe(200_000);
    // 2^19 slots of 8 bytes, and those of half the size before them where they were not collected yet.
    expect(arrayBuffers - before.arrayBuffers).toBeLessThan(2 * 8 * 2 ** 19 + 2 ** 20);
  });
});

describe('a table of names', () => {
  it('answers as a Map does, whatever the names', () => {
    const entries = fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 2 }), fc.double(), fc.nat()), {
      maxLength: 3000,
    });
    fc.assert(
      fc.property(entries, fc.string(), (set, asked) => {
        const [ours, theirs] = [nameTable(), new Map<string, { value: number; tag: number }>()];
        for (const [name, value, tag] of set) {
          ours.set(name, value, tag);
          theirs.set(name, { value, tag });
        }
        expect(ours.size()).toBe(theirs.size);
        for (const name of [asked, ...theirs.keys()]) expect(ours.get(name)).toEqual(theirs.get(name));
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('notes two numbers that are added under a name, the first and one more than the second', () => {
    const table = nameTable();
    for (const [name, value] of [
      ['a', 7],
      ['b', 0],
      ['a', 3],
      ['a', 9],
      ['b', 4],
    ] as const)
      table.add(name, value);
    expect([table.get('a'), table.get('b'), table.get('c')]).toEqual([
      { value: 7, tag: 4 },
      { value: 0, tag: 5 },
      undefined,
    ]);
    for (let i = 0; i < 3000; i++) table.add(`name ${i}`, i);
    expect([table.get('a'), table.get('name 2999')]).toEqual([
      { value: 7, tag: 4 },
      { value: 2999, tag: 0 },
    ]);
    expect(table.size()).toBe(3002);
  });
});
