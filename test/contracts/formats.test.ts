import { describe, expect, it } from 'vitest';
import type { ConvertOptions, Format } from '../../src/convert/format.js';
import { formats } from '../../src/convert/formats/index.js';
import { UsageError } from '../../src/errors.js';
import { classes, failed, filesOf, lineOf, mapWith, openLines } from '../helpers/found-run.js';

const registry = Object.entries<Format>(formats);

/** Formats that look for no boxes. */
const mapsAlone = ['wsol', 'irn'];

/** What a format cannot do without, for photos of these names. */
const needed = ({ needs = [] }: Format, photos: readonly string[]): Partial<ConvertOptions> => ({
  ...(needs.includes('ids') && { ids: photos }),
  ...(needs.includes('synsets') && { synsets: classes.map((label, i) => `n0000000${i} ${label}`) }),
});

const convert = async (format: Format, lines: Parameters<typeof openLines>[0], photos: readonly string[]) => {
  const { run, counts } = await openLines(lines);
  return { run, counts, ...(await filesOf(format, run, needed(format, photos))) };
};

const contents = (files: ReadonlyMap<string, Buffer>) => [...files].map(([name, file]) => [name, file.toString('hex')]);

const hostile = [
  ['a path out of the folder', '../x.jpg'],
  ['a path out of the folder, from within', 'a/../../x.jpg'],
  ['an absolute path', '/etc/x.jpg'],
  ['a place elsewhere on the disk', '@/etc/x.jpg'],
  ['a folder called @', '@@/x.jpg'],
  ['a line feed', 'a\nb.jpg'],
  ['a carriage return', 'a\rb.jpg'],
  ['a line separator', 'a\u2028b.jpg'],
  ['a control character', 'a\u0001b.jpg'],
  ['a zero byte', 'a\0b.jpg'],
  ['quotes', `a"b'c.jpg`],
  ['marks of XML', 'a<&>b]]>.jpg'],
  ['marks of an address', 'a?b#c%20d+e&f=g.jpg'],
  ['a byte that is not UTF-8', 'a\udcffb.jpg'],
  ['spaces at both ends', ' a.jpg '],
  ['a name as long as a disk takes', `${'ä'.repeat(125)}.jpg`],
  ['a longer name', `${'ä'.repeat(300)}.jpg`],
  ['a backslash', 'a\\b.jpg'],
  ['no ending', 'photo'],
  ['nothing but an ending', '.jpg'],
] as const;

const unXml = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** The path of the only photo, as the format's readers understand it. Of other formats only the files' names are looked at. */
const heldName: Readonly<Record<string, (files: ReadonlyMap<string, Buffer>) => string | undefined>> = {
  coco: (files) => JSON.parse(String(files.get('instances.json'))).images[0].file_name,
  voc: (files) => {
    const [, text = ''] = [...files].find(([name]) => name.startsWith('Annotations/')) ?? [];
    const [, folder] = /<folder>([^<]*)<\/folder>/.exec(String(text)) ?? [];
    const [, name] = /<filename>([^<]*)<\/filename>/.exec(String(text)) ?? [];
    return unXml(folder === '' ? `${name}` : `${folder}/${name}`);
  },
  yolo: (files) => /^\.\/images\/(.*)\n$/.exec(String(files.get('images.txt')))?.[1],
  'label-studio': (files) =>
    new URL(JSON.parse(String(files.get('tasks.json')))[0].data.image, 'http://host').searchParams.get('d') ??
    undefined,
};

describe.each(registry)('%s', (name, format) => {
  const lines = [
    lineOf('b/one.jpg', { orientation: 6 }),
    failed,
    lineOf('a.png', { maps: [mapWith([], { max: 0, verdict: 'no-evidence' }), mapWith([9], { class: 2 })] }),
    lineOf('none.jpg', { maps: [mapWith([], { verdict: 'flat', map: Array(24).fill(3), min: 3, max: 3 })] }),
    'torn',
    lineOf('later.jpg', { maps: [mapWith([1], { class: classes.length })] }),
  ];
  const photos = ['b/one.jpg', 'a.png', 'none.jpg'];

  it('writes files that lie below its folder, each once', async () => {
    const { files } = await convert(format, lines, photos);
    expect(files.size).toBeGreaterThan(0);
    for (const file of files.keys()) expect(file).toMatch(/^(?!.*(^|\/)\.{0,2}(\/|$))[^\\\0]+$/);
  });

  it('makes the same of the same run', async () => {
    const { run, files } = await convert(format, lines, photos);
    const again = await filesOf(format, run, needed(format, photos));
    expect(contents(again.files)).toEqual(contents(files));
  });

  it('invents nothing for photos that failed, maps without evidence and lines that no run of these classes has', async () => {
    const { files, counts } = await convert(format, lines, photos);
    const found = mapsAlone.includes(name) ? { empty: 0, boxes: 0 } : { empty: 2, boxes: 2 };
    expect(counts()).toEqual({ photos: 3, failed: 1, unreadable: 2, ...found });
    for (const [file, content] of files) expect(file + content.toString('latin1')).not.toMatch(/failed|later/);
  });

  it('makes something of a run without photos', async () => {
    const { files } = await convert(format, [], ['any.jpg']);
    for (const content of files.values()) expect(content.toString('latin1')).not.toMatch(/undefined|NaN/);
  });

  it.each(hostile)('holds %s exactly or refuses it by name', async (_, photo) => {
    const made = convert(format, [lineOf(photo)], [photo]);
    const outcome = await made.catch((error: unknown) => error);
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(UsageError);
      expect(outcome).toMatchObject({ code: 'unfit-name' });
      expect(outcome.message).toContain(JSON.stringify(photo).slice(0, 100));
      return;
    }
    const { files } = await made;
    for (const file of files.keys()) expect(file).toMatch(/^(?!.*(^|\/)\.{0,2}(\/|$))[^\0]+$/);
    if (name in heldName) expect(heldName[name](files)).toBe(photo.replace(/^@(?=\/)/, '').replace(/^@@/, '@'));
  });

  it('declares among its options those that it needs', () => {
    expect(format.takes ?? []).toEqual(expect.arrayContaining([...(format.needs ?? [])]));
  });
});
