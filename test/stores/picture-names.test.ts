import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOf, textOf } from '../../src/stores/paths.js';
import { isPictureOf, pictureName } from '../../src/stores/picture-names.js';

// The same names every time.
const runs = { numRuns: 2000, seed: 1 };

const labels = ['', 'tiger cat', 'heatmap', 'strip', '3', '3-cat', 'é'.repeat(80)];

/** What a run can write of one photo: each kind with its class and ending. */
const picture = fc.oneof(
  fc.record({
    kind: fc.constantFrom('overlay' as const, 'heatmap' as const, 'mask' as const, 'map16' as const, 'crop' as const),
    class: fc.nat({ max: labels.length - 1 }),
    ending: fc.constantFrom('.png', '.webp'),
  }),
  fc.record({
    kind: fc.constant('map' as const),
    class: fc.nat({ max: labels.length - 1 }),
    ending: fc.constant('.npy'),
  }),
  fc.record({
    kind: fc.constantFrom('strip' as const, 'input' as const),
    class: fc.constant(undefined),
    ending: fc.constant('.png'),
  }),
);

const nameOf = (photo: string, { class: index, ...rest }: typeof picture extends fc.Arbitrary<infer T> ? T : never) =>
  pictureName(photo, { ...rest, class: index, label: index === undefined ? undefined : labels[index] });

const base = fc
  .oneof(
    fc.constantFrom('a', 'a.jpg', 'n'.repeat(240), '長'.repeat(80), 'a.jpg.1-tiger-cat', 'a.strip'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => textOf(Buffer.from(bytes))),
  )
  .filter((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..');

describe("a picture's name", () => {
  it('is of one photo, class and kind alone, though a photo is named like the picture of another', () => {
    fc.assert(
      fc.property(base, picture, picture, base, fc.boolean(), (photo, one, other, second, imitates) => {
        const name = nameOf(photo, one);
        // Its beginnings up to each dot, and up to the tag of a shortened name, are photos too.
        const imitations = [...name.matchAll(/\./g)]
          .map(({ index }) => name.slice(0, index))
          .filter((part) => part !== '');
        for (const against of imitates ? [name, ...imitations, photo] : [second]) {
          const same = against === photo && JSON.stringify(one) === JSON.stringify(other);
          if (!same) expect(nameOf(against, other)).not.toBe(name);
          if (against !== photo) expect(nameOf(against, one)).not.toBe(name);
        }
      }),
      runs,
    );
  });

  it('is known by its photo, in whatever folder that lies', () => {
    const folders = fc.constantFrom('', 'a/', '@/home/', '@@/x.y/');
    fc.assert(
      fc.property(folders, base, picture, (folder, photo, one) => {
        expect(isPictureOf(folder + photo, nameOf(folder + photo, one))).toBe(true);
        expect(isPictureOf(`${folder}b/${photo}`, nameOf(folder + photo, one))).toBe(false);
      }),
      runs,
    );
  });

  it.each([
    ['a file of another ending', 'a.jpg', 'a.jpg.3-cat.txt'],
    ['a file without a class', 'a.jpg', 'a.jpg.jpg'],
    ['a file of another photo', 'a.jpg', 'b.jpg.3-cat.jpg'],
    ['a file of a photo whose name goes on', 'a.jpg', 'a.jpg.b.jpg.3-cat.jpg'],
    ['a file in another folder', 'x/a.jpg', 'y/a.jpg.3-cat.jpg'],
    ['a file above', 'x/a.jpg', 'x/../a.jpg.3-cat.jpg'],
    ['the photo itself', 'a.jpg', 'a.jpg'],
    ["one of the run's own", 'manifest', 'manifest.jsonl'],
    ['a file with the digest of another name', 'a.jpg', `a.j~${'0'.repeat(32)}.3-cat.jpg`],
    ['nothing', '', ''],
  ])('is not that of %s', (_, photo, name) => {
    expect(isPictureOf(photo, name)).toBe(false);
  });

  it('was shortened with 16 digits by earlier versions, and is known still', () => {
    const long = `${'n'.repeat(240)}.jpg`;
    const digest = createHash('sha256').update(long).digest('hex').slice(0, 16);
    expect(isPictureOf(`x/${long}`, `x/${'n'.repeat(200)}~${digest}.3-cat.jpg`)).toBe(true);
    expect(isPictureOf(`x/${long}`, `x/m~${digest}.3-cat.jpg`)).toBe(false);
  });

  it('is shortened to what file systems take', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 200, maxLength: 300 }), picture, (photo, one) => {
        const name = nameOf(photo.replaceAll(/[/\0]/g, '-'), one);
        expect(Buffer.from(pathOf(name)).length).toBeLessThanOrEqual(240);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('cannot be taken by a photo called like the shortened name of another', () => {
    const overlay = { kind: 'overlay', class: 3, label: 'cat', ending: '.jpg' } as const;
    const long = `${'n'.repeat(240)}.jpg`;
    const shortened = pictureName(long, overlay).replace('.3-cat.jpg', '');
    expect(shortened).toContain(`~${createHash('sha256').update(long).digest('hex').slice(0, 32)}`);
    expect(pictureName(shortened, overlay)).not.toBe(pictureName(long, overlay));
    expect(pictureName('cat.jpg', overlay)).toBe('cat.jpg.3-cat.jpg');
  });
});
