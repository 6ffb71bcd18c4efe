import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../src/run/sources/archives/archive.js';
import { tar } from '../../../../src/run/sources/archives/tar.js';
import { temporaryFolder } from '../../../helpers/folders.js';
import { fixture } from '../../../helpers/repository.js';
import { members, type TarMember, tarOf } from '../../../helpers/tars.js';

const entriesIn = (file: string): Entry[] => [...(tar.list(file) as Iterable<Entry>)];

const entriesOf = (bytes: Uint8Array): Entry[] => {
  const file = join(temporaryFolder(), 'a.tar');
  writeFileSync(file, bytes);
  return entriesIn(file);
};

const paths = (entries: readonly Entry[]) => entries.map(({ path }) => path);
const problems = (entries: readonly Entry[]) => entries.map(({ problem }) => problem?.message);

const contentsOf = async (entries: readonly Entry[]) => {
  const contents: Record<string, string> = {};
  for (const { path, place, problem } of entries) {
    if (problem === undefined) contents[path] = Buffer.from((await tar.read(place)).bytes).toString();
  }
  return contents;
};

const deep = `${'d'.repeat(90)}/${'e'.repeat(90)}/${'f'.repeat(120)}.jpg`;

describe('a tar made by other programs', () => {
  it.each(['gnu', 'pax', 'bsdtar', 'python'])('is read, with long names and other letters: %s.tar', async (name) => {
    const entries = entriesIn(fixture('archives', `${name}.tar`));
    const below = name === 'python' ? 'odd/' : '';
    const contents = await contentsOf(entries);
    expect(contents).toMatchObject({
      [`${below}${deep}`]: 'deep',
      [`${below}ünïcode 写真.jpg`]: 'unicode',
      [`${below}z.jpg`]: 'last',
    });
    // One of a file's two names is the file, the other a link to it.
    expect([contents[`${below}a.jpg`], contents[`${below}hard.jpg`]]).toContain('first');
    expect(contents).not.toHaveProperty(`${below}._hidden.jpg`);
  });

  it.each(['gnu', 'pax'])('has links and sparse files as errors of their own: %s.tar', (name) => {
    const found = new Map(entriesIn(fixture('archives', `${name}.tar`)).map(({ path, problem }) => [path, problem]));
    expect(found.get('symbolic.jpg')).toMatchObject({ code: 'not-a-file', message: expect.stringMatching(/link/) });
    expect(found.get('hole.jpg')?.message).toMatch(/sparse file, which is not read; pack it without --sparse\.$/);
    expect(found.get('z.jpg')).toBe(undefined);
  });

  it('gives the photos of each key, and not the words beside them', () => {
    expect(paths(entriesIn(fixture('archives', 'train-0000.tar')))).toEqual(['000000.jpg', '000001.jpg']);
  });
});

describe('names in a tar', () => {
  it('lead nowhere else, where an archive wants to write out of the output folder', () => {
    const names = ['../up.jpg', 'a/../../up.jpg', '/etc/absolute.jpg', './/plain.jpg', 'a/..jpg'];
    const entries = entriesOf(tarOf(names.map((name) => ({ name, data: 'x' }))));
    expect(paths(entries)).toEqual(['%2E%2E/up.jpg', 'a/%2E%2E/%2E%2E/up.jpg', 'etc/absolute.jpg', 'plain.jpg']);
    const out = 'Its name in the archive leads out of the archive; pack it anew.';
    expect(problems(entries)).toEqual([out, out, undefined, undefined]);
  });

  it('that stand for two photos give the place of the first', async () => {
    const file = join(temporaryFolder(), 'a.tar');
    writeFileSync(file, tarOf(['one', 'two'].map((data) => ({ name: 'a.jpg', data }))));
    expect(Buffer.from((await tar.read(await tar.placeOf(file, 'a.jpg'))).bytes).toString()).toBe('one');
  });

  it('of pictures that are not read are passed over with their kind', () => {
    const [entry] = entriesOf(tarOf([{ name: 'a.heic', data: 'x' }]));
    expect(entry.problem).toMatchObject({ code: 'unread-format', kind: 'HEIC' });
  });
});

describe('a damaged tar', () => {
  const photo = (name: string, size = 700): TarMember => ({ name, data: 'x'.repeat(size) });

  it('gives the photos before its end, and names the one in which it is cut off', () => {
    const entries = entriesOf(members([photo('a.jpg'), photo('b.jpg')]).subarray(0, 2500));
    expect(paths(entries)).toEqual(['a.jpg', '']);
    expect(entries[1].problem?.message).toBe(
      'The archive is cut off at byte 2500, in the midst of b.jpg; photos before that are explained, so get or pack the file anew.',
    );
  });

  it('is said to be so where the mark of its end is missing, but not where it is there', () => {
    const bytes = members([photo('a.jpg')]);
    expect(problems(entriesOf(bytes))[1]).toMatch(/without a mark of its end, and may be cut off/);
    expect(paths(entriesOf(Buffer.concat([bytes, Buffer.alloc(512)])))).toEqual(['a.jpg']);
  });

  it('ends where a header is none, though a photo of any size may be asked for', () => {
    const bytes = tarOf([photo('a.jpg'), photo('b.jpg')]);
    bytes[1536] ^= 1;
    expect(problems(entriesOf(bytes))[1]).toMatch(/^The archive is damaged or cut off at byte 1536;/);
    const lie = tarOf([photo('a.jpg'), { name: 'huge.jpg', data: 'x', size: 8 ** 11 - 1 }]);
    expect(problems(entriesOf(lie))[1]).toMatch(/cut off at byte \d+, in the midst of huge\.jpg/);
    const extension = tarOf([{ name: 'x', type: 'L', size: 2 ** 20 + 1, data: Buffer.alloc(2 ** 20 + 1) }]);
    expect(problems(entriesOf(extension))[0]).toMatch(/has a name of 1048577 bytes/);
    const pax = tarOf([{ name: 'x', type: 'x', data: '99999 path=a\n' }, photo('a.jpg')]);
    expect(problems(entriesOf(pax))).toEqual([expect.stringMatching(/damaged pax header at byte 0/)]);
  });

  it('that is compressed says what unpacks it', () => {
    expect(problems(entriesOf(Buffer.from('1f8b0800', 'hex')))).toEqual([
      'The archive is compressed, which is not read; unpack it first, as with gunzip.',
    ]);
  });
});

describe('several tars in one file', () => {
  it('are read as one, and what is no tar after the end is not', () => {
    const two = Buffer.concat([tarOf([{ name: 'a.jpg', data: 'a' }]), tarOf([{ name: 'b.jpg', data: 'b' }])]);
    expect(paths(entriesOf(two))).toEqual(['a.jpg', 'b.jpg']);
    expect(paths(entriesOf(Buffer.concat([tarOf([{ name: 'a.jpg' }]), Buffer.alloc(512, 'x')])))).toEqual(['a.jpg']);
  });
});

it('a photo whose place another took meanwhile is not read under its name', async () => {
  const file = join(temporaryFolder(), 'a.tar');
  writeFileSync(file, tarOf([{ name: 'a.jpg', data: 'abc' }]));
  const [{ place }] = entriesIn(file);
  writeFileSync(file, tarOf([{ name: 'b.jpg', data: 'xyz' }]));
  await expect(tar.read(place)).rejects.toMatchObject({ code: 'missing' });
});
