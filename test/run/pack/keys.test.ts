import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKeys } from '../../../src/run/pack/keys.js';
import { keyAndSuffix } from '../../helpers/packed.js';

const keysFor = (...photos: string[]): string[] => photos.map(newKeys().claim);

describe('a key', () => {
  it.each([
    ['a/b.jpg', 'a/b'],
    ['a.folder/b.JPEG', 'a.folder/b'],
    ['b.v2.jpg', 'b%2Ev2'],
    ['no ending', 'no ending'],
    ['größe "x" %20\'.png', 'größe "x" %20\''],
    // A WebDataset's own keys, with what its readers count to them.
    ['train-0001.tar/000123.jpg', 'train-0001.tar/000123'],
    ['train-0001.tar/a/000123.left.jpg', 'train-0001.tar/a/000123'],
    ['train.TAR/.x.jpg', 'train.TAR/%2Ex'],
    ['a.tar.d/b.v2.jpg', 'a.tar.d/b%2Ev2'],
    ['caf\udce9.jpg', 'caf%E9'],
    ['two\nlines/a\nb.jpg', 'two%0Alines/a%0Ab'],
    ['__x__/__y.jpg', '%5F_x__/%5F_y'],
    ['@/mnt/disk/a.jpg', '@/mnt/disk/a'],
    ['s3://bucket/photos/a.jpg', '@s3/bucket/photos/a'],
    ['s3://bucket/train-0001.tar/000123.left.jpg', '@s3/bucket/train-0001.tar/000123'],
  ])('of %j is %j', (photo, key) => {
    expect(keysFor(photo)).toEqual([key]);
  });

  it('leads nowhere else, where the key of an object would', () => {
    for (const photo of ['s3://bucket/../../../up.jpg', 's3://bucket//a/./b.jpg', 'https://host/']) {
      const [key] = keysFor(photo);
      expect(key).toMatch(/^@(s3\/bucket|https\/host)\//);
      expect(key.split('/').filter((part) => ['', '.', '..'].includes(part))).toEqual([]);
    }
  });

  it("is the first photo's of those that differ in their endings alone; the others keep theirs in it", () => {
    expect(keysFor('a.jpg', 'a.png', 'a.JPG', 'b/a.jpg')).toEqual(['a', 'a%2Epng', 'a%2EJPG', 'b/a']);
    expect(keysFor('x.tar/1.left.jpg', 'x.tar/1.right.jpg', 'x.tar/1.right.png')).toEqual([
      'x.tar/1',
      'x.tar/1%2Eright',
      'x.tar/1%2Eright%2Epng',
    ]);
    expect(new Set(keysFor('a.b.jpg', 'a%2Eb.jpg', 'a.b%2Ejpg', 'a%2Eb%2Ejpg.png', 'a%2Eb%2Ejpg.jpg')).size).toBe(5);
  });

  it("that a photo has already is no other's", () => {
    const keys = newKeys();
    expect(keys.take('a')).toBe(true);
    expect(keys.claim('a.jpg')).toBe('a%2Ejpg');
    expect(keys.take('a%2Ejpg')).toBe(false);
  });

  it.each([
    ['x'.repeat(251), 1],
    ['ü'.repeat(120), 2],
    ['.'.repeat(100), 3],
  ])('is short enough that files can be called so: of %j', (base) => {
    const keys = keysFor(`${base}.jpg`, `${base}.png`, `${base}.webp`);
    expect(new Set(keys).size).toBe(3);
    for (const key of keys) {
      expect(Buffer.byteLength(`${key}.heatmap.1000.webp`)).toBeLessThanOrEqual(255);
      expect(keyAndSuffix(`${key}.json`)).toEqual([key, 'json']);
    }
  });

  it("is told from its suffix by WebDataset's readers, and no two photos share one", () => {
    // Of few characters, so that names are alike.
    const part = fc.string({
      unit: fc.constantFrom('a', 'b', '.', '%', '2', 'E', '~', '_', '\n', '\udce9', 'é'),
      minLength: 1,
      maxLength: 9,
    });
    const isPath = (name: string) => name.split('/').every((one) => !['', '.', '..'].includes(one));
    const photo = fc
      .tuple(fc.array(part, { maxLength: 2 }), part, fc.constantFrom('', '.jpg', '.png', '.tar/a.jpg'))
      .map(([folders, base, ending]) => [...folders, base + ending].join('/'))
      .filter(isPath);
    fc.assert(
      fc.property(fc.uniqueArray(photo, { minLength: 1, maxLength: 60 }), (photos) => {
        const keys = keysFor(...photos);
        expect(new Set(keys).size).toBe(photos.length);
        for (const key of keys) {
          expect(keyAndSuffix(`${key}.overlay.1.jpg`)).toEqual([key, 'overlay.1.jpg']);
          // What the readers pass over.
          expect(key).not.toMatch(/^__[^/]*__\/|(^|\/)(\.|__)[^/]*$/);
          expect(Buffer.from(key).toString()).toBe(key);
        }
      }),
      { numRuns: 300 },
    );
  });
});
