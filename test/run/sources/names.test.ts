import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOfPlace, placeOfName } from '../../../src/results/photo-name.js';
import { fileOf, nameBelow } from '../../../src/run/sources/names.js';
import { pathOf, textOf } from '../../../src/stores/paths.js';

// The same names every time.
const runs = { numRuns: 2000, seed: 1 };

/** A part of a path: any bytes, and often those that names in the results have a meaning for. */
const part = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom('@', '@@', '@@@', 'a', 'photos', '...', 'x.jpg') },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => textOf(Buffer.from(bytes))) },
  )
  .filter((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..');
const path = fc.array(part, { maxLength: 4 }).map((parts) => parts.join('/'));
const absolute = path.map((below) => `/${below}`);

describe("a photo's name", () => {
  it('is one for every file, below the folder of the run and elsewhere, and gives the file back', () => {
    fc.assert(
      fc.property(absolute, absolute, (folder, file) => {
        const name = nameBelow(folder, file);
        expect(fileOf(folder, name)).toBe(file);
        expect(JSON.parse(JSON.stringify(name))).toBe(name);
        expect(Buffer.from(pathOf(fileOf(folder, name)))).toEqual(Buffer.from(pathOf(file)));
      }),
      runs,
    );
  });

  it('differs for two files, though one imitates the name of the other', () => {
    fc.assert(
      fc.property(absolute, path, path, (folder, elsewhere, below) => {
        const outside = resolve('/', elsewhere);
        // Below the folder: the file whose path reads like the name of the one outside, and any other.
        for (const imitation of [nameBelow(folder, outside), below]) {
          const file = resolve(folder, imitation);
          if (file !== outside) expect(nameBelow(folder, file)).not.toBe(nameBelow(folder, outside));
        }
      }),
      runs,
    );
  });

  it('tells its place, in the folder or elsewhere', () => {
    fc.assert(
      fc.property(fc.boolean(), path, (elsewhere, path) => {
        expect(placeOfName(nameOfPlace({ elsewhere, path }))).toEqual({ elsewhere, path });
      }),
      runs,
    );
  });

  it.each([
    ['/p', '/p/cat.jpg', 'cat.jpg'],
    ['/p', '/q/cat.jpg', '@/q/cat.jpg'],
    ['/p', '/p/@/q/cat.jpg', '@@/q/cat.jpg'],
    ['/p', '/p/@@/q/cat.jpg', '@@@/q/cat.jpg'],
    ['/p', '/p/@', '@@'],
    ['/p', '/p/@a/cat.jpg', '@a/cat.jpg'],
    ['/p', '/p/a/@/cat.jpg', 'a/@/cat.jpg'],
    ['/p', '/@/cat.jpg', '@/@/cat.jpg'],
    ['/', '/@/cat.jpg', '@@/cat.jpg'],
    ['/p', '/p/..cat.jpg', '..cat.jpg'],
  ])('from %s of %s is %s', (folder, file, name) => {
    expect(nameBelow(folder, file)).toBe(name);
  });
});
