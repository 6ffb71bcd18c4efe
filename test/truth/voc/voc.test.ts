import { describe, expect, it } from 'vitest';
import { voc as writer } from '../../../src/convert/formats/voc.js';
import { openTruth } from '../../../src/truth/index.js';
import { classes as labels, lineOf, textOf } from '../../helpers/found-run.js';
import { folderWith } from '../../helpers/runs.js';
import { animals, inShort, photoOf } from '../../helpers/truths.js';

const corners = (...[xmin, ymin, xmax, ymax]: readonly unknown[]) =>
  `<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox>`;
const object = (name: string, box: string, others = '') => `<object><name>${name}</name>${others}${box}</object>`;
const xmlOf = (content: string, database = 'The VOC2007 Database', size = '<width>40</width><height>30</height>') =>
  `<?xml version="1.0"?>\n<annotation><source><database>${database}</database></source><size>${size}</size>${content}</annotation>\n`;

const dog = object('dog', corners(1, 2, 10, 20));
const of = async (files: Readonly<Record<string, string | Uint8Array>>, photo = photoOf('a.jpg')) =>
  (await openTruth(folderWith(files), animals)).of(photo);

describe('an XML file', () => {
  it('of VOC counts pixels from 1 and includes the last, with objects of whatever number', async () => {
    const many = dog + object('Tabby', `<pose>Left</pose>${corners(3.5, 4, 8.5, 9)}`, '<difficult>1</difficult>');
    expect(inShort(await of({ 'a.xml': xmlOf(many) }))).toEqual([
      'dog, 1: 0 1 10 19',
      'Tabby, 0: 2.5 3 6 6, difficult',
    ]);
    expect(inShort(await of({ 'a.xml': xmlOf(dog) }))).toEqual(['dog, 1: 0 1 10 19']);
    expect(inShort(await of({ 'a.xml': xmlOf('') }))).toEqual([]);
  });

  it('of ILSVRC counts from 0, as its own evaluations take it, with WordNet ids for names', async () => {
    const folder = folderWith({ 'a.xml': xmlOf(object('n02124075', corners(111, 108, 441, 193)), 'ILSVRC_2012', '') });
    const truth = await openTruth(folder, { labels: ['x', 'Egyptian cat'], wordnetIds: ['n01440764', 'n02124075'] });
    expect(inShort(await truth.of(photoOf('a.JPEG', { width: 500, height: 375 })))).toEqual([
      'n02124075, 1: 111 108 331 86',
    ]);
  });

  it('leaves parts of objects alone, and reads entities', async () => {
    const part = `<part><name>head</name>${corners(2, 2, 4, 4)}</part>`;
    const files = { 'a.xml': xmlOf(object('cats &amp; dogs', corners(1, 1, 2, 2), part)) };
    expect(inShort(await of(files))).toEqual(['cats & dogs, no class: 0 0 2 2']);
    const byNumber = { 'a.xml': xmlOf(object('d&#111;g', corners(1, 1, 2, 2))) };
    expect(inShort(await of(byNumber))).toEqual(['dog, 1: 0 0 2 2']);
  });

  it('is found nested as the photos are, in Annotations, or by the name alone', async () => {
    const box = (x: number) => xmlOf(object('dog', corners(x, 1, 9, 9)));
    const files = { 'x/a.xml': box(2), 'Annotations/y/a.xml': box(3), 'Annotations/b.xml': box(4) };
    const truth = await openTruth(folderWith(files), animals);
    const left = async (photo: string) => (await truth.of(photoOf(photo)))?.objects[0].box?.x;
    expect([await left('x/a.jpg'), await left('y/a.png'), await left('z/b.jpg')]).toEqual([1, 2, 3]);
    expect(await truth.of(photoOf('z/a.jpg'))).toBeUndefined();
    await expect(truth.of(photoOf('w/b.jpg'))).rejects.toThrow(
      /"w\/b.jpg" and another photo of the same name would both/,
    );
  });

  it('written by convert says the boxes of the run', async () => {
    for (const orientation of [1, 6]) {
      const xml = await textOf(writer, [lineOf('a.jpg', { orientation })], 'Annotations/a.xml');
      const truth = await openTruth(folderWith({ 'Annotations/a.xml': xml }), { labels });
      const found = await truth.of({ photo: 'a.jpg', width: 120, height: 80, orientation });
      // Cells 1 and 2 of 20 x 20 pixels, and what is above the threshold around them.
      const { x, y, width, height } = found?.objects[0].box ?? { x: 0, y: 0, width: 0, height: 0 };
      expect([x, y, width, height].every(Number.isInteger)).toBe(true);
      expect(Math.abs(x + width / 2 - 40)).toBeLessThan(2);
      expect(y).toBe(0);
    }
  });
});

it('is read in the encoding that it states: Latin-1, UTF-16, or UTF-8 where it states none', async () => {
  const plain = xmlOf(object('ch\u00e9vre', corners(1, 1, 2, 2)));
  const xml = (encoding: string) => plain.replace('?>', ` encoding="${encoding}"?>`);
  for (const bytes of [
    Buffer.from(xml('ISO-8859-1'), 'latin1'),
    Buffer.from(`\ufeff${xml('UTF-16')}`, 'utf16le'),
    Buffer.from(`\ufeff${xml('UTF-16')}`, 'utf16le').swap16(),
    Buffer.from(xml('utf-8')),
    plain,
  ]) {
    expect(inShort(await of({ 'a.xml': bytes }))).toEqual(['ch\u00e9vre, no class: 0 0 2 2']);
  }
});

describe('is refused, in a sentence that names the file, an XML that', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${'bcdefgh'
    .split('')
    .map((name, i) => `<!ENTITY ${name} "${`&${'abcdefg'[i]};`.repeat(10)}">`)
    .join('')}]>`;
  it.each([
    [
      'is cut off',
      xmlOf(dog).slice(0, -30),
      /a\.xml cannot be read as XML \(line \d+: .*\); mend it, or leave it out\.$/,
    ],
    ['closes what it did not open', xmlOf('</object>'), /cannot be read as XML/],
    ['is empty', '', /cannot be read as XML \(it is empty\); mend it/],
    ['is another document', '<svg/>', /a\.xml has no annotation/],
    ['has an object without a name', xmlOf(`<object>${corners(1, 1, 2, 2)}</object>`), /an object with no name, or/],
    ['ends within a tag', '<annotation><object', /cannot be read as XML \(it ends within an element\)/],
    ['ends within an element', '<annotation><object>', /cannot be read as XML \(it ends within an element\)/],
    [
      'is in an encoding that nobody knows',
      '<?xml version="1.0" encoding="klingon"?><annotation/>',
      /its encoding klingon is/,
    ],
    [
      'is not in the encoding that it states',
      Buffer.from('<?xml version="1.0"?><annotation>\xe9</annotation>', 'latin1'),
      /it is no text in utf-8/,
    ],
    ['has an object without a box', xmlOf('<object><name>dog</name></object>'), /no box of four numbers for "dog"/],
    ['has a word for a number', xmlOf(object('dog', corners(1, 1, 'wide', 2))), /no box of four numbers for "dog"/],
    ['has corners in the wrong order', xmlOf(object('dog', corners(9, 1, 3, 2))), /has no pixels \(-5 x 2\)/],
    ['is of a photo of another size', xmlOf(dog, 'x', '<width>41</width><height>30</height>'), /is of 41 x 30 pixels/],
    ['would grow to gigabytes by entities', bomb + xmlOf(object('&h;', corners(1, 1, 2, 2))), /it has a document type/],
    [
      'names another file',
      `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${xmlOf(object('&x;', corners(1, 1, 2, 2)))}`,
      /it has a document type/,
    ],
    ['is nested a hundred thousand times', '<a>'.repeat(1e5) + '</a>'.repeat(1e5), /cannot be read as XML/],
    ['has more than 4 MiB', xmlOf(' '.repeat(2 ** 22)), /larger than 4 MiB/],
    ['means a prototype', xmlOf('<__proto__><object>x</object></__proto__>'), /cannot be read as XML/],
  ])('%s', async (_, xml, sentence) => {
    await expect(of({ 'a.xml': xml })).rejects.toThrow(sentence);
  });
});
