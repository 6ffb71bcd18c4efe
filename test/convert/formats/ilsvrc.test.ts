import { expect, it } from 'vitest';
import { ilsvrc } from '../../../src/convert/formats/ilsvrc.js';
import { synsetNumbers } from '../../../src/convert/synsets.js';
import { classes, filesOf, lineOf, mapWith, openLines } from '../../helpers/found-run.js';

// In an order that is not that of the classes.
const synsets = [
  'n00000003 rocket',
  'n00000002 crane',
  'n00000009 tench, Tinca tinca',
  'n00000001 crane',
  'n00000005 A < B & "C"',
];

const made = async (lines: Parameters<typeof openLines>[0], ids: readonly string[]) => {
  const { files, notes } = await filesOf(ilsvrc, (await openLines(lines)).run, { ids, synsets });
  return { lines: String(files.get('predictions.txt')).split('\n').slice(0, -1), notes };
};

const all = Array.from({ length: 24 }, (_, i) => i);

it('has a line a name, in their order, of labels from 1 and pixels from 0', async () => {
  const photos = [
    lineOf('val/a.JPEG', { maps: [mapWith(all)] }),
    lineOf('val/b.JPEG', { maps: [mapWith(all, { class: 2 })] }),
  ];
  for (const ids of [
    ['b', 'a'],
    ['b.JPEG', 'a.JPEG'],
    ['val/b', 'val/a.JPEG'],
  ])
    expect((await made(photos, ids)).lines).toEqual(['1 0 0 119 79', '3 0 0 119 79']);
});

it('guesses the best box of each of the first five classes', async () => {
  const maps = [0, 2, 6, 1, 3, 0].map((index) => mapWith(all, { class: index }));
  const { lines } = await made([lineOf('a.jpg', { maps })], ['a']);
  expect(lines[0].split(' ').filter((_, i) => i % 5 === 0)).toEqual(['3', '1', '5', '4', '2']);
  expect(lines[0].split(' ')).toHaveLength(25);
});

it('keeps the label of a class without a box, and fills the line of a photo without a result with zeros', async () => {
  const { lines, notes } = await made([lineOf('a.jpg', { maps: [mapWith([])] }), lineOf('other.jpg')], ['gone', 'a']);
  expect(lines).toEqual(['0 0 0 0 0', '3 0 0 0 0']);
  expect(notes).toEqual([
    '1 photo is not in the file of --ids, and left out.',
    '1 name of --ids has no photo in the run, and a line of zeros, which counts as wrong.',
  ]);
});

it.each([
  [['x/a.jpg', 'y/a.jpg'], ['a'], /"x\/a.jpg" and "y\/a.jpg" would both be "a"/],
  [['a.jpg'], ['a', 'b', 'a'], /has "a" twice, in lines 1 and 3/],
])('refuses photos %j for names %j', async (photos, ids, sentence) => {
  await expect(
    made(
      photos.map((photo) => lineOf(photo)),
      ids,
    ),
  ).rejects.toThrow(sentence);
});

it('refuses a class that the list of synsets does not have', async () => {
  const line = lineOf('a.jpg', { maps: [mapWith([1], { class: 4 })] });
  await expect(made([line], ['a'])).rejects.toThrow(/no line for class 4, "maillot"; give it one/);
});

it.each([
  [['n00000001', 'n00000002'], ['n00000002'], [2]],
  [
    ['n02119789 1 kit_fox', 'n02100735 2 English_setter'],
    ['English setter', 'kit fox, Vulpes macrotis'],
    [2, 1],
  ],
  [['tench', 'goldfish'], ['goldfish, Carassius auratus'], [2]],
  // Two cranes: classes of ImageNet are in the order of their ids, whatever the order of the list.
  [
    ['n03126707 crane', 'n02012849 crane'],
    ['crane', 'crane'],
    [2, 1],
  ],
])('finds in %j the classes %j', (lines, labels, numbers) => {
  const numberOf = synsetNumbers(lines, labels);
  expect(labels.map((_, index) => numberOf(index))).toEqual(numbers);
});

it('refuses to guess between synsets of the same words where nothing tells them apart', () => {
  expect(() => synsetNumbers(['crane', 'crane'], ['crane', 'crane'])(0)).toThrow(/in lines 1, 2/);
  expect(() => synsetNumbers(['n00000001 crane', 'n00000002 crane'], classes.slice(0, 2))(1)).toThrow(/in lines 1, 2/);
});
