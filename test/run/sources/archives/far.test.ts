import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../../src/run/sources/archives/archive.js';
import { parquet } from '../../../../src/run/sources/archives/parquet.js';
import { tar } from '../../../../src/run/sources/archives/tar.js';
import { tarOf } from '../../../helpers/tars.js';
import { startWeb, type WebServer } from '../../../helpers/web-server.js';

let web: WebServer;
beforeAll(async () => {
  web = await startWeb();
});
beforeEach(() => {
  web.requests.length = 0;
  web.instead = () => false;
});
afterAll(() => web.close());

const addressOf = (name: string) => `local+${web.origin}/${name}`;

const entriesOf = async (list: Iterable<Entry> | AsyncIterable<Entry>): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for await (const entry of list) entries.push(entry);
  return entries;
};

const table = (texts: readonly string[]) => {
  const data = texts.map((text) => new Uint8Array(Buffer.from(text)));
  return new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'image', data, type: 'BYTE_ARRAY' }] }));
};

describe('an archive that is far away', () => {
  it('which changes while it is listed is named, and no photo of the other is taken for one of it', async () => {
    const photos = (text: string) =>
      tarOf(Array.from({ length: 40 }, (_, i) => ({ name: `${i}.jpg`, data: text.repeat(100_000) })));
    web.files.set('/a.tar', photos('a'));
    web.instead = (_, __, count) => {
      if (count === 4) web.files.set('/a.tar', photos('b'));
      return false;
    };
    const entries = await entriesOf(tar.list(addressOf('a.tar')));
    expect(entries.at(-1)?.problem?.message).toBe(
      'The archive cannot be read (it has changed while it was read; give the command again).',
    );
    expect(entries.length).toBeLessThan(41);
  });

  it('which changes between two of its rows is read anew, and each row tells of which state it is', async () => {
    web.files.set('/a.parquet', table(['one', 'two']));
    const [first, second] = await entriesOf(parquet.list(addressOf('a.parquet')));
    const before = await parquet.read(first.place);
    web.files.set('/a.parquet', table(['three', 'four']));
    // The page that holds both rows was read already.
    expect(await parquet.read(second.place)).toMatchObject({
      bytes: new Uint8Array(Buffer.from('two')),
      state: before.state,
    });
    await entriesOf(parquet.list(addressOf('a.parquet')));
    const after = await parquet.read(second.place);
    expect(Buffer.from(after.bytes).toString()).toBe('four');
    expect(after.state).not.toEqual(before.state);
  });

  it('is opened once by many readers at a time, and again where that failed', async () => {
    web.files.set('/b.parquet', table(['one', 'two']));
    const place = await parquet.placeOf(addressOf('b.parquet'), '1');
    web.instead = (_, response, count) => count === 1 && !!response.writeHead(404).end();
    await expect(parquet.read(place)).rejects.toMatchObject({ code: 'missing' });
    web.instead = () => false;
    web.requests.length = 0;
    const all = await Promise.all(Array.from({ length: 16 }, () => parquet.read(place)));
    expect(all.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(Array(16).fill('two'));
    // Its state, its end, what stands there, a page's header, the page.
    expect(web.requests.length).toBeLessThanOrEqual(5);
  });
});
