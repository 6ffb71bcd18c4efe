import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OutputFile } from '../../src/convert/format.js';
import { writeFiles } from '../../src/convert/write.js';
import { openStore, stores } from '../../src/stores/index.js';
import { temporaryFolder } from '../helpers/folders.js';
import { memory } from '../helpers/memory-store.js';
import { filesBelow } from '../helpers/runs.js';

stores.memory = memory;

const never = new AbortController().signal;

/** Writes files into a new place. @returns the place. */
const written = async (
  files: readonly OutputFile[],
  { place = join(temporaryFolder(), 'out'), overwrite = false, signal = never } = {},
): Promise<string> => {
  const store = openStore(place);
  await store.lock();
  const all = async function* () {
    yield* files;
  };
  try {
    expect(await writeFiles(store, all(), overwrite, signal)).toBe(files.length);
  } finally {
    await store.release();
  }
  return place;
};

describe('files that are made when they are written', () => {
  it('are made several at a time, but not all', async () => {
    let [going, most, made] = [0, 0, 0];
    const content = async () => {
      most = Math.max(most, ++going);
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      going--;
      made++;
      return Buffer.from('x');
    };
    const out = await written(Array.from({ length: 100 }, (_, i) => ({ name: `${i}.bin`, content })));
    expect(filesBelow(out)).toHaveLength(100);
    expect(made).toBe(100);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('end the writing where one cannot be made, once no other is written any more', async () => {
    let going = 0;
    const slow = async () => {
      going++;
      for (let turn = 0; turn < 20; turn++) await setImmediate();
      going--;
      return Buffer.from('x');
    };
    const broken = async () => {
      throw new Error('it broke');
    };
    const files = [slow, slow, broken, ...Array.from({ length: 50 }, () => slow)];
    const place = join(temporaryFolder(), 'out');
    await expect(
      written(
        files.map((content, i) => ({ name: `${i}.bin`, content })),
        { place },
      ),
    ).rejects.toThrow('it broke');
    expect(going).toBe(0);
    expect(filesBelow(place).length).toBeLessThan(files.length - 1);
  });

  it('are not written in the place of others, but with overwrite', async () => {
    const fileOf = (words: string): OutputFile[] => [{ name: 'a.bin', content: async () => Buffer.from(words) }];
    const place = await written(fileOf('one'));
    await expect(written(fileOf('two'), { place })).rejects.toMatchObject({ code: 'name-taken' });
    await written(fileOf('two'), { place, overwrite: true });
    expect(readFileSync(join(place, 'a.bin'), 'utf8')).toBe('two');
  });
});

describe('links', () => {
  const link = (linkTo: string): OutputFile[] => [{ name: 'a/b.jpg', content: { linkTo } }];

  it('lead to their files, whether or not these are there, and stay as they are the next time', async () => {
    const place = await written(link('/photos/b.jpg'));
    await written(link('/photos/b.jpg'), { place });
    expect(readlinkSync(join(place, 'a/b.jpg'))).toBe('/photos/b.jpg');
    expect(existsSync(join(place, 'a/b.jpg'))).toBe(false);
  });

  it('lead to files whose names are not UTF-8', async () => {
    const place = await written(link('/photos/\udce9.jpg'));
    const target = readlinkSync(join(place, 'a/b.jpg'), { encoding: 'buffer' });
    expect(target.equals(Buffer.from([...Buffer.from('/photos/'), 0xe9, ...Buffer.from('.jpg')]))).toBe(true);
  });

  it('are not replaced by others, and replace no file', async () => {
    const place = await written(link('/photos/b.jpg'));
    const again = { place, overwrite: true };
    await expect(written(link('/photos/c.jpg'), again)).rejects.toMatchObject({ code: 'name-taken' });
    expect(readlinkSync(join(place, 'a/b.jpg'))).toBe('/photos/b.jpg');
    await written([{ name: 'a/c.jpg', content: 'words' }], again);
    const overFile: OutputFile[] = [{ name: 'a/c.jpg', content: { linkTo: '/photos/c.jpg' } }];
    await expect(written(overFile, again)).rejects.toMatchObject({ code: 'name-taken' });
    expect(lstatSync(join(place, 'a/c.jpg')).isFile()).toBe(true);
  });

  it('are not made outside of the folder, through a folder that is itself a link', async () => {
    const [place, outside] = [join(temporaryFolder(), 'out'), temporaryFolder()];
    mkdirSync(place);
    symlinkSync(outside, join(place, 'a'));
    await expect(written(link('/photos/b.jpg'), { place })).rejects.toMatchObject({ code: 'name-taken' });
    expect(filesBelow(outside)).toEqual([]);
    expect(existsSync(join(outside, 'b.jpg'))).toBe(false);
  });

  it('are refused by a store that is no folder', async () => {
    await expect(written(link('/photos/b.jpg'), { place: 'memory://links' })).rejects.toMatchObject({
      code: 'no-links',
    });
  });
});

describe('a person who interrupts', () => {
  it('is heard before the next file', async () => {
    const stop = new AbortController();
    const files: OutputFile[] = [
      {
        name: 'a.txt',
        content: (async function* () {
          yield 'a';
          stop.abort(new Error('enough'));
        })(),
      },
      { name: 'b.txt', content: 'b' },
    ];
    const place = join(temporaryFolder(), 'out');
    await expect(written(files, { place, signal: stop.signal })).rejects.toThrow('enough');
    expect(filesBelow(place)).toEqual(['a.txt']);
  });
});
