import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhotoError } from '../../src/errors.js';
import { storageOf, storages } from '../../src/run/sources/storage/index.js';
import { pictureName } from '../../src/stores/picture-names.js';
import { temporaryFolder } from '../helpers/folders.js';
import { type S3Server, startS3 } from '../helpers/s3-server.js';
import { startWeb, type WebServer } from '../helpers/web-server.js';

let [s3, web]: [S3Server, WebServer] = [] as never;
beforeAll(async () => {
  [s3, web] = [await startS3(), await startWeb()];
  Object.assign(process.env, s3.environment);
});
afterAll(() => Promise.all([s3.close(), web.close()]));

const folder = temporaryFolder();

/** Each kind's way to have files. A member that is added says here how. */
interface Example {
  readonly addressOf: (name: string) => string;
  readonly put: (name: string, content: string) => void;
  readonly remove: (name: string) => void;
  /** Names that are odd there. */
  readonly odd: readonly string[];
}

const keys = [
  'a+b%20c é.jpg',
  '../up.jpg',
  'a/../../b.jpg',
  '//x.jpg',
  'x//.jpg',
  'two\nlines.jpg',
  './a.jpg',
  'a/./b.jpg',
];

const examples: Readonly<Record<string, Example>> = {
  local: {
    addressOf: (name) => join(folder, name),
    put: (name, content) => {
      writeFileSync(join(folder, name), content);
      utimesSync(join(folder, name), 1, content.length);
    },
    remove: (name) => rmSync(join(folder, name)),
    odd: ['a b.jpg', '@s3.jpg', 'two\nlines.jpg'],
  },
  s3: {
    addressOf: (name) => `s3://bucket/${name}`,
    put: (name, content) => {
      const [bytes, etag] = [Buffer.from(content), Buffer.from(content).toString('hex')];
      s3.objects.set(`bucket/${name}`, { bytes, etag, modified: 1_000_000_000_123, notes: {} });
    },
    remove: (name) => s3.objects.delete(`bucket/${name}`),
    odd: [
      ...keys,
      'x.tar/a.jpg',
      'x.tar//a.jpg',
      `${'n'.repeat(300)}/a.jpg`,
      `${'n'.repeat(300)}.jpg`,
      '\0.jpg',
      '.jpg',
    ],
  },
  http: {
    addressOf: (name) => `local+${web.origin}/${encodeURI(name)}`,
    put: (name, content) => web.files.set(`/${name}`, Buffer.from(content)),
    remove: (name) => web.files.delete(`/${name}`),
    odd: ['a b.jpg', 'x.tar/a.jpg', '//x.jpg', 'a%20b.jpg'],
  },
};

it('the examples are of every kind of place', () => {
  expect(Object.keys(examples).sort()).toEqual(Object.keys(storages).sort());
});

describe.each(Object.keys(storages))('the storage %s', (kind) => {
  const { read, stateOf, part, nameOf, archivesIn } = storages[kind];
  const { addressOf, put, remove, odd } = examples[kind];

  it('is the one that its addresses lead to', () => {
    expect(storageOf(addressOf('a.jpg'))).toBe(storages[kind]);
  });

  it.each([...odd, 'a.jpg'])('reads %j whole and in parts, with the state that it has', async (name) => {
    put(name, 'the bytes');
    const address = addressOf(name);
    const { bytes, state } = await read(address);
    expect(Buffer.from(bytes).toString()).toBe('the bytes');
    expect(state.size).toBe(9);
    expect(await stateOf(address)).toEqual(state);
    for (const [start, length, text] of [
      [0, 9, 'the bytes'],
      [4, 2, 'by'],
      [7, 99, 'es'],
      [0, 0, ''],
      [9, 5, ''],
      [12, 1, ''],
    ] as const) {
      const found = await part(address, start, length);
      expect([found.bytes.toString(), found.state]).toEqual([text, state]);
    }
  });

  it('tells another state once the file is another', async () => {
    put('a.jpg', 'the bytes');
    const { state } = await read(addressOf('a.jpg'));
    put('a.jpg', 'other bytes');
    expect(await stateOf(addressOf('a.jpg'))).not.toEqual(state);
    expect((await part(addressOf('a.jpg'), 0, 1)).state).toEqual(await stateOf(addressOf('a.jpg')));
  });

  it('has an empty file, and parts of it', async () => {
    put('empty.jpg', '');
    const { bytes, state } = await read(addressOf('empty.jpg'));
    expect([bytes.length, state.size]).toEqual([0, 0]);
    expect(await part(addressOf('empty.jpg'), 0, 9)).toMatchObject({ bytes: Buffer.alloc(0), state });
  });

  it('says that a file is missing, and knows no state of it', async () => {
    put('gone.jpg', 'x');
    remove('gone.jpg');
    const reading = read(addressOf('gone.jpg'));
    await expect(reading).rejects.toBeInstanceOf(PhotoError);
    await expect(reading).rejects.toMatchObject({ code: 'missing' });
    await expect(part(addressOf('gone.jpg'), 0, 1)).rejects.toThrow();
    expect(await stateOf(addressOf('gone.jpg'))).toBe(undefined);
  });

  it('gives each file a name of its own, and its pictures a place of their own in the output', () => {
    const overlay = { kind: 'overlay', class: 3, label: 'cat', ending: '.jpg' } as const;
    const names = [...odd, 'a.jpg', 'b.jpg', 'x.tar', 'x.tar/b.jpg'].map((name) =>
      nameOf('/elsewhere', addressOf(name)),
    );
    // And a photo in an archive, whose name goes on after the archive's.
    const inside = `${nameOf('/elsewhere', addressOf('x.tar'))}/a.jpg`;
    const all = [...names, ...(kind === 'local' ? [] : [inside])];
    expect(new Set(all).size).toBe(all.length);
    const pictures = all.map((name) => pictureName(name, overlay));
    expect(new Set(pictures).size).toBe(all.length);
    for (const picture of pictures) {
      expect(picture).not.toContain('\0');
      for (const segment of picture.split('/')) {
        expect(segment).not.toMatch(/^\.{0,2}$/);
        expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(255);
      }
    }
  });

  it('knows archives that an address may lead into', () => {
    const [found] = archivesIn(addressOf('deep/x.tar/y/a b.jpg'));
    expect(found).toEqual({ kind: 'tar', file: addressOf('deep/x.tar'), inside: 'y/a b.jpg' });
    expect(archivesIn(addressOf('deep/x.jpg'))).toEqual([]);
  });
});
