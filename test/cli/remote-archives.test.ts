import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { expectSentence, explainedNames, linesOf, manifestOf, picturesBelow, small } from '../helpers/runs.js';
import { type S3Server, startS3 } from '../helpers/s3-server.js';
import { startWeb, type WebServer } from '../helpers/web-server.js';

let [s3, web]: [S3Server, WebServer] = [] as never;
const names = ['train-0000.tar', 'train-0001.tar', 'train-0.parquet'];
const put = (name: string, etag = 'one') => {
  const bytes = readFileSync(fixture('archives', name));
  s3.objects.set(`bucket/sets/${name}`, { bytes, etag, modified: 1e12, notes: {} });
  web.files.set(`/sets/${name}`, bytes);
};
beforeAll(async () => {
  [s3, web] = [await startS3(), await startWeb()];
});
beforeEach(() => {
  for (const name of names) put(name);
  s3.requests.length = 0;
  web.requests.length = 0;
  web.parts = true;
});
afterAll(() => Promise.all([s3.close(), web.close()]));

const run = (words: readonly string[], output: string, ...more: string[]) =>
  gapcam([...words, ...small, '--allow-local', '-o', output, ...more], { environment: s3.environment });

/** The prediction of each photo, by the end of its name. */
const scoresIn = (output: string) =>
  Object.fromEntries(
    manifestOf(output).flatMap((line) =>
      'predictions' in line ? [[line.photo.split('/').slice(-2).join('/'), line.predictions[0].score]] : [],
    ),
  );

describe('archives that are far away', () => {
  it('are read in parts, from a bucket and a web server, as those on a disk are; going on reads none of their photos', async () => {
    const local = join(temporaryFolder(), 'out');
    await run(
      [fixture('archives', 'train-{0000..0001}.tar'), fixture('archives', 'train-0.parquet')],
      local,
      '--no-report',
    );
    const words = ['s3://bucket/sets/train-*.tar', `${web.origin}/sets/train-0.parquet`];
    const output = join(temporaryFolder(), 'out');
    const first = await run(words, output, '--report');
    expect(first.code).toBe(0);
    expect(explainedNames(output)).toEqual([
      ...[0, 1, 2, 3].map((row) => `${web.origin}/sets/train-0.parquet/${row}`),
      ...['0/000000', '0/000001', '1/000002', '1/000003'].map(
        (name) => `s3://bucket/sets/train-000${name.replace('/', '.tar/')}.jpg`,
      ),
    ]);
    expect(scoresIn(output)).toEqual(scoresIn(local));
    expect(picturesBelow(output)).toHaveLength(8);

    s3.requests.length = 0;
    web.requests.length = 0;
    const second = await run(['s3://bucket/sets/train-{0000..0001}.tar', words[1]], output, '--no-report');
    expect(second.stderr).toMatch(/^0 photos explained, 8 done before/m);
    // Their states are told as they are listed: for each a first byte and a window, or the end of a table.
    expect(s3.requests.length).toBeLessThanOrEqual(4);
    expect(web.requests.length).toBeLessThanOrEqual(3);

    put('train-0001.tar', 'two');
    const third = await run(words, output, '--no-report');
    expect(third.stderr).toMatch(/^2 photos explained, 6 done before/m);
  });

  it('that a server does not send in parts are refused in a sentence', async () => {
    web.parts = false;
    const { code, stderr } = await run([`${web.origin}/sets/train-0000.tar`], join(temporaryFolder(), 'out'));
    expect(code).not.toBe(0);
    expectSentence(
      linesOf(stderr)[0],
      /train-0000\.tar: The archive cannot be read \(The server sends no parts of a file/,
    );
  });
});
