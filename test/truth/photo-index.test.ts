import { describe, expect, it } from 'vitest';
import { photoIndex } from '../../src/truth/photo-index.js';

const indexOf = (...paths: readonly string[]) => {
  const index = photoIndex();
  for (const [row, path] of paths.entries()) index.add(path, row);
  return (photo: string) => {
    const { rows, likeness } = index.find(photo);
    return rows.length === 0 ? 'none' : `${rows.join(' or ')} by ${likeness}`;
  };
};

describe('a photo is the entry', () => {
  it('of its path, before any that ends alike', () => {
    const find = indexOf('a.jpg', 'x/a.jpg', 'images/x/a.jpg');
    expect(['a.jpg', 'x/a.jpg', 'images/x/a.jpg'].map(find)).toEqual(['0 by path', '1 by path', '2 by path']);
  });

  it('of which one path is the end of the other, however many have its file name', () => {
    const find = indexOf('x/a.jpg', 'y/a.jpg');
    expect(find('images/x/a.jpg')).toBe('0 by end');
    expect(find('s3://bucket/images/y/a.jpg')).toBe('1 by end');
    const inside = indexOf('images/x/a.jpg', 'images/y/a.jpg', 'images/z/b.jpg');
    expect(inside('y/a.jpg')).toBe('1 by end');
    expect(inside('b.jpg')).toBe('2 by end');
  });

  it('that has the longest end in common with it, where their folders before that differ, and this is told', () => {
    const find = indexOf('train/x/a.jpg', 'train/y/a.jpg');
    expect(find('val/y/a.jpg')).toBe('1 by name');
    expect(find('z/b.jpg')).toBe('none');
    expect(indexOf('x/a.jpg')('y/a.jpg')).toBe('0 by name');
  });

  it('and none where it could be two', () => {
    const find = indexOf('x/a.jpg', 'y/a.jpg', 'c.jpg', 'z/c.jpg', 'd.jpg', 'd.jpg');
    expect(['a.jpg', 'z/a.jpg', 'w/c.jpg', 'd.jpg'].map(find)).toEqual([
      '0 or 1 by end',
      '0 or 1 by name',
      '2 or 3 by name',
      '4 or 5 by path',
    ]);
  });

  it('only as far as whole folders are alike', () => {
    expect(indexOf('box/a.jpg')('x/a.jpg')).toBe('0 by name');
    expect(indexOf('a.jpg')('xa.jpg')).toBe('none');
    expect(indexOf('/x//a.jpg', '//')('x//a.jpg')).toBe('0 by end');
  });

  it('also where a hostile path has a million folders', () => {
    expect(indexOf(`${'x/'.repeat(1e6)}a.jpg`)('x/a.jpg')).toBe('0 by end');
    expect(indexOf('x/a.jpg')(`${'y/'.repeat(1e6)}a.jpg`)).toBe('0 by name');
  });
});
