import { describe, expect, it } from 'vitest';
import { folderOf, folderReader, needsAllFolders } from '../../../src/truth/folders/folder-classes.js';

const labels = ['tabby, tabby cat', 'tiger cat', 'crane', 'crane', 'red wine', '7'];
const classes = { labels, common: 'photos' };
const thousand = Array.from({ length: 1000 }, (_, index) => `name ${index}`);

/** The reader that knows of all these photos, and what it says of each. */
const readAll = (photos: readonly string[], { names = labels, common = 'photos' } = {}) => {
  const reader = folderReader({ labels: names, common }, new Set(photos.map(folderOf)));
  return { truths: photos.map((photo) => reader.classesOf(photo)?.[0]), found: reader.found() };
};

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
  ])('stands for a class by its label, first name, slug or index: %s', (photo, found) => {
    expect(folderReader(classes).classesOf(photo)).toEqual(found);
  });

  it('stands for both classes that share a name', () => {
    expect(folderReader(classes).classesOf('crane/1.jpg')).toEqual([2, 3]);
  });

  it.each(['cat/1.jpg', '1.jpg', '99/1.jpg', '01/1.jpg', 'tabby.jpg', '@/data/1.jpg', 'n02123159_1.jpg'])(
    'stands for none where it says none: %s',
    (photo) => {
      expect(folderReader(classes).classesOf(photo)).toBeUndefined();
    },
  );

  it('stands for an ImageNet class by its WordNet id, where there are 1000 classes', () => {
    expect(folderReader({ labels: thousand, common: 'photos' }).classesOf('val/n02123159/1.jpg')).toEqual([282]);
    expect(folderReader(classes).classesOf('val/n02123159/1.jpg')).toBeUndefined();
  });

  it('stands for the class with its WordNet id, where the labels have their own', () => {
    const own = { labels: ['tiger cat', 'newt'], wordnetIds: ['n02123159', 'n99999999'], common: 'photos' };
    expect(folderReader(own).classesOf('n99999999/1.jpg')).toEqual([1]);
  });

  it('is taken for a class only where most folders name one', () => {
    const reader = folderReader(classes);
    for (const photo of ['tabby/1.jpg', 'tabby/2.jpg', 'holiday/1.jpg']) reader.classesOf(photo);
    expect(reader.found()).toMatchObject({ named: 1, folders: 2, areClasses: false });
    reader.classesOf('tiger cat/1.jpg');
    expect(reader.found()).toMatchObject({ named: 2, folders: 3, areClasses: true });
  });
});

describe("a file's name, as ImageNet's begin with a WordNet id,", () => {
  it('counts as a folder does', () => {
    const photos = ['n02123159_1.JPEG', 'n02123159_2.JPEG', 'n01440764_1.JPEG', 'mine.jpg'];
    const { truths, found } = readAll(photos, { names: thousand });
    expect(truths).toEqual([282, 282, 0, undefined]);
    expect(found).toMatchObject({ named: 1, folders: 1, areClasses: true });
  });

  it('makes no classes of a folder where half of the files have other names', () => {
    expect(readAll(['n02123159_1.JPEG', 'mine.jpg'], { names: thousand }).found.areClasses).toBe(false);
  });
});

describe('the name of the folder that all photos lie in', () => {
  it('is a class where photos lie in it alone', () => {
    expect(readAll(['1.jpg', '2.jpg'], { common: 'tiger cat' }).truths).toEqual([1, 1]);
  });

  it('is no class where it names no more than half of the folders: it is the name of the data set', () => {
    const { truths, found } = readAll(['1.jpg', 'tabby/1.jpg', 'red wine/1.jpg'], { common: 'tiger cat' });
    expect(truths).toEqual([undefined, 0, 4]);
    expect(found).toMatchObject({ named: 2, folders: 3 });
    expect(readAll(['1.jpg', 'tabby/1.jpg'], { common: 'tiger cat' }).truths).toEqual([undefined, 0]);
    expect(readAll(['1.jpg', 'tabby/1.jpg', 'a/tiger cat/1.jpg'], { common: 'tiger cat' }).truths).toEqual([1, 0, 1]);
  });

  it('is asked for all folders where it could be a class', () => {
    expect(needsAllFolders(classes)).toBe(false);
    expect(needsAllFolders({ ...classes, common: 'tabby' })).toBe(true);
  });
});

describe('folders that are numbers, where nothing names the classes,', () => {
  const nameless = (count: number) => Array.from({ length: count }, (_, index) => `class ${index}`);
  const photosIn = (folders: readonly string[]) => folders.map((folder) => `${folder}/1.jpg`);

  it('are sorted as text, as ImageFolder does, and it is said', () => {
    const folders = Array.from({ length: 12 }, (_, index) => String(index));
    const { truths, found } = readAll(photosIn(folders), { names: nameless(12) });
    expect(truths).toEqual([0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 2, 3]);
    expect(found).toMatchObject({ areClasses: true, sortedAsText: true });
  });

  it('may be any numbers, where they are as many as the classes', () => {
    expect(readAll(photosIn(['val/1', 'val/10', 'val/2']), { names: nameless(3) }).truths).toEqual([0, 1, 2]);
    expect(readAll(photosIn(['01', '02', '10']), { names: nameless(3) }).truths).toEqual([0, 1, 2]);
  });

  it('may be some of those from 0 on: the others have no photo here', () => {
    expect(readAll(photosIn(['2', '10']), { names: nameless(12) }).truths).toEqual([4, 2]);
  });

  it('stand for nothing where they are neither', () => {
    const { truths, found } = readAll(photosIn(['2023', '2024']), { names: nameless(12) });
    expect(truths).toEqual([undefined, undefined]);
    expect(found).toEqual({ named: 0, folders: 2, areClasses: false });
  });

  it('are indices where the classes have names', () => {
    const names = Array.from({ length: 12 }, (_, index) => `name ${index}`);
    const { truths, found } = readAll(photosIn(['2', '10']), { names });
    expect(truths).toEqual([2, 10]);
    expect(found.sortedAsText).toBeUndefined();
  });
});
