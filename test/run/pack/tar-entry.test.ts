import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { END, HEAD, isMarked, markOf, memberOf } from '../../../src/run/pack/tar-entry.js';
import { membersIn, TarDamage } from '../../../src/run/pack/tar-stream.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { membersAt } from '../../helpers/packed.js';

interface Given {
  readonly name: string;
  readonly data: Uint8Array;
}

const tarOf = (list: readonly Given[], id = '0123456789abcdef'): Buffer =>
  Buffer.concat([markOf(id), ...list.map(({ name, data }) => memberOf(name, data, 1_700_000_000)), END]);

const inPieces = async function* (bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

const streamed = async (bytes: Buffer, size = 700) => {
  const found: { name: string; data: Buffer | undefined; end: number }[] = [];
  for await (const member of membersIn(inPieces(bytes, size), () => true)) found.push(member);
  return found;
};

// Paths as photos give them: no part is empty or leads elsewhere.
const part = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
  .map((text) => text.replace(/[/\0]|^\.+$/g, '_'));
const names = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.jpg`);
const members = fc.uniqueArray(fc.record({ name: names, data: fc.uint8Array({ maxLength: 1500 }) }), {
  maxLength: 8,
  selector: ({ name }) => name,
});

describe('a tar that is written', () => {
  it('is read back, name by name and byte by byte, by the reader of photos and as a stream of any pieces', async () => {
    const file = join(temporaryFolder(), 'a.tar');
    await fc.assert(
      fc.asyncProperty(members, fc.integer({ min: 1, max: 3000 }), async (list, size) => {
        const tar = tarOf(list);
        expect(tar.length % 512).toBe(0);
        writeFileSync(file, tar);
        const expected = list.map(({ name, data }) => [name, Buffer.from(data).toString('hex')]);
        const plain = membersAt(file).map(({ name, data }) => [name, data.toString('hex')]);
        const stream = (await streamed(tar, size)).map(({ name, data }) => [name, data?.toString('hex')]);
        expect(plain).toEqual(expected);
        expect(stream).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each([99, 100, 101, 255, 256, 300, 5000])('takes names of %i bytes', async (length) => {
    const name = `${'ü'.repeat(Math.floor((length - 4) / 2))}${length % 2 ? 'x' : ''}.jpg`;
    expect(Buffer.byteLength(name)).toBe(length);
    expect((await streamed(tarOf([{ name, data: Buffer.from('a') }]))).map((member) => member.name)).toEqual([name]);
  });

  it('tells where each member ends, and leaves out data that nobody wants', async () => {
    const [one, two] = [memberOf('a.jpg', Buffer.alloc(513), 0), memberOf('a.json', Buffer.from('{}'), 0)];
    const found = [];
    for await (const { name, data, end } of membersIn(
      inPieces(Buffer.concat([one, two]), 100),
      (n) => n === 'a.json',
    )) {
      found.push([name, data?.toString(), end]);
    }
    expect(found).toEqual([
      ['a.jpg', undefined, one.length],
      ['a.json', '{}', one.length + two.length],
    ]);
  });

  it('is known by its mark, by that of its own runs alone', () => {
    const tar = tarOf([], 'aaaabbbbccccdddd');
    expect(isMarked(tar, ['0000', 'aaaabbbbccccdddd'])).toBe(true);
    expect(isMarked(tar.subarray(0, HEAD), ['aaaabbbbccccdddd'])).toBe(true);
    expect(isMarked(tar, ['aaaabbbbccccddd'])).toBe(false);
    expect(isMarked(tar, [])).toBe(false);
    expect(isMarked(tar.subarray(0, HEAD - 1), ['aaaabbbbccccdddd'])).toBe(false);
    expect(isMarked(tarOf([{ name: 'gapcam aaaabbbbccccdddd', data: tar }]).subarray(HEAD), ['aaaabbbbccccdddd'])).toBe(
      false,
    );
  });

  it.each([
    ['a header', 0],
    ['its data', 600],
  ])('is refused where %s is damaged or cut off, never read as less', async (_, at) => {
    const whole = memberOf('a.jpg', Buffer.alloc(1000, 1), 0);
    await expect(streamed(whole.subarray(0, at + 100))).rejects.toThrow(TarDamage);
    if (at === 0) await expect(streamed(Buffer.from(whole).fill(7, 10, 20))).rejects.toThrow(TarDamage);
  });
});
