import { describe, expect, it } from 'vitest';
import { folderReader } from '../../src/report/folder-classes.js';

const labels = ['tabby, tabby cat', 'tiger cat', 'crane', 'crane', 'red wine', '7'];

describe('a folder of photos', () => {
  it.each([
    ['tabby, tabby cat/1.jpg', [0]],
    ['tabby/1.jpg', [0]],
    ['tiger-cat/1.jpg', [1]],
    ['Tiger_Cat/1.jpg', [1]],
    ['val/red wine/1.jpg', [4]],
    ['red wine/batch 3/1.jpg', [4]],
    ['4/1.jpg', [4]],
    ['7/1.jpg', [5]],
  ])('stands for a class by its label, first name, slug or index: %s', (photo, classes) => {
    expect(folderReader(labels, 'photos').classesOf(photo)).toEqual(classes);
  });

  it('stands for both classes that share a name', () => {
    expect(folderReader(labels, 'photos').classesOf('crane/1.jpg')).toEqual([2, 3]);
  });

  it.each(['cat/1.jpg', '1.jpg', '99/1.jpg', '01/1.jpg', 'tabby.jpg', '@/data/1.jpg'])(
    'stands for none where it says none: %s',
    (photo) => {
      expect(folderReader(labels, 'photos').classesOf(photo)).toBeUndefined();
    },
  );

  it('gives photos their class that lie directly in the folder of the run', () => {
    const reader = folderReader(labels, 'tiger cat');
    expect(reader.classesOf('1.jpg')).toEqual([1]);
    expect(reader.classesOf('tabby/1.jpg')).toEqual([0]);
    expect(reader.classesOf('batch 3/1.jpg')).toBeUndefined();
    expect(reader.classesOf('@/data/1.jpg')).toBeUndefined();
  });

  it('stands for an ImageNet class by its WordNet id, where there are 1000 classes', () => {
    const thousand = Array.from({ length: 1000 }, (_, index) => `name ${index}`);
    expect(folderReader(thousand, 'photos').classesOf('val/n02123159/1.jpg')).toEqual([282]);
    expect(folderReader(labels, 'photos').classesOf('val/n02123159/1.jpg')).toBeUndefined();
  });

  it('is taken for a class only where most folders name one', () => {
    const reader = folderReader(labels, 'photos');
    for (const photo of ['tabby/1.jpg', 'tabby/2.jpg', 'holiday/1.jpg']) reader.classesOf(photo);
    expect(reader.found()).toEqual({ named: 1, folders: 2, areClasses: false });
    reader.classesOf('tiger cat/1.jpg');
    expect(reader.found()).toEqual({ named: 2, folders: 3, areClasses: true });
  });
});
