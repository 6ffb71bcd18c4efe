import { describe, expect, it } from 'vitest';
import { formats } from '../../src/convert/formats/index.js';
import { readOptions, requireFitting } from '../../src/convert/options.js';
import { nothingAsked } from '../helpers/found-run.js';
import { folderWith } from '../helpers/runs.js';

const given = { ...nothingAsked, truth: undefined, ids: undefined, synsets: undefined };
const fitting = (to: keyof typeof formats, changed: object) => () =>
  requireFitting(formats, to, { ...given, ...changed });

describe('an option that would change nothing', () => {
  it.each([
    ['voc', { truth: 't.json' }, '--truth changes nothing in voc; leave it out, or write --to coco.'],
    ['csv', { ids: 'ids.txt' }, '--ids changes nothing in csv; leave it out, or write --to ilsvrc.'],
    ['coco', { imageUrl: 'x' }, '--image-url changes nothing in coco; leave it out, or write --to label-studio.'],
    ['label-studio', { pixels: 'stored' }, /^--pixels changes nothing in label-studio; .* --to coco or voc or yolo or/],
    ['yolo', { masks: true }, /^--masks changes nothing in yolo; /],
  ] as const)('is refused: --to %s %j', (to, changed, sentence) => {
    expect(fitting(to, changed)).toThrow(sentence);
  });

  it('is none where the format takes it, or it is not given', () => {
    expect(fitting('coco', { mapClasses: 'm.csv' })).toThrow(
      '--map-classes says what categories of a --truth mean; give',
    );
    expect(fitting('coco', { truth: 't.json', mapClasses: 'm.csv' })).not.toThrow();
    expect(fitting('coco', { masks: true, truth: 't.json', pixels: 'stored' })).not.toThrow();
    expect(fitting('csv', {})).not.toThrow();
  });
});

it('says which option a format cannot do without', () => {
  expect(fitting('ilsvrc', { ids: 'ids.txt' })).toThrow(
    '--to ilsvrc needs --synsets, a file: classes of the challenge, one a line, in the order of its labels.',
  );
  expect(fitting('ilsvrc', { ids: 'ids.txt', synsets: 's.txt' })).not.toThrow();
});

it('reads lists with any line ends, and refuses those that are not there or empty', async () => {
  const folder = folderWith({ 'ids.txt': '\ufeffa b.jpg\r\n\r\nc.jpg\n', 'none.txt': '\n' });
  expect((await readOptions({ ...given, ids: `${folder}/ids.txt` })).ids).toEqual(['a b.jpg', 'c.jpg']);
  await expect(readOptions({ ...given, ids: `${folder}/none.txt` })).rejects.toThrow(
    /holds no names; give --ids a file/,
  );
  await expect(readOptions({ ...given, synsets: `${folder}/gone` })).rejects.toThrow(
    /gone cannot be read \(.*\); give --synsets/,
  );
  await expect(readOptions({ ...given, synsets: folder })).rejects.toThrow(/it is a folder, not a file\)/);
});
