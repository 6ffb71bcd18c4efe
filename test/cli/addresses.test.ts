import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called } from '../helpers/in-process.js';
import {
  cat,
  expectSentence,
  explainedNames,
  filesBelow,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  small,
} from '../helpers/runs.js';
import { startWeb, type WebServer } from '../helpers/web-server.js';

let server: WebServer;
beforeAll(async () => {
  server = await startWeb();
  for (const name of ['/cat.jpg', '/a b.jpg', '/v.jpg']) server.files.set(name, cat);
  server.files.set('/page.jpg', Buffer.from('<!doctype html><title>Not here</title>'));
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

const host = () => new URL(server.origin).host;
const SECRET = 'X-Amz-Credential=AKIASECRET&X-Amz-Signature=topsecret';

describe('photos of a web server', () => {
  it('are explained beside local ones, reported and converted, and no file or word has their secrets', async () => {
    const folder = folderWith({ 'photos/x.jpg': cat });
    const words = [
      'photos',
      `${server.origin}/cat.jpg?${SECRET}`,
      `${server.origin}/v.jpg?id=7`,
      `${server.origin}/none.jpg?${SECRET}`,
    ];
    const run = (...more: string[]) => gapcam([...more, ...small, '-o', 'out', '--allow-local'], { cwd: folder });
    const first = await run(...words);
    expect(first.code).toBe(1);
    const output = join(folder, 'out');
    const at = `http://${host()}`;
    const [other] = explainedNames(output).filter((name) => name.includes('?'));
    expect(other).toMatch(/\/v\.jpg\?[0-9a-f]{32}$/);
    expect(explainedNames(output)).toEqual([`${at}/cat.jpg`, other, 'x.jpg']);
    expect(picturesBelow(output)).toEqual(
      [`@http/${host()}/cat.jpg`, `@http/${host()}/${other.split('/').at(-1)}`, 'x.jpg'].map(
        (name) => `${name}.3-cat.jpg`,
      ),
    );
    expectSentence(linesOf(first.stderr)[0], /\/none\.jpg: The server has no such file \(status 404\)\.$/);

    // Signed anew, it is the same photo; and a photo that has changed is done again.
    const again = [`${server.origin}/cat.jpg?X-Amz-Signature=fresh`, ...words.slice(2)];
    server.requests.length = 0;
    const second = await run('photos', ...again);
    expect(second.stderr).toMatch(/^0 photos explained, 3 done before/m);
    server.files.set('/v.jpg', readFileSync(join(output, 'x.jpg.3-cat.jpg')));
    const third = await run('photos', ...again);
    server.files.set('/v.jpg', cat);
    expect(third.stderr).toMatch(/^1 photo explained, 2 done before/m);

    const coco = await gapcam(['convert', 'out', '--to', 'csv', '-o', 'csv'], { cwd: folder });
    const hf = await gapcam(['convert', 'out', '--to', 'hf', '-o', 'hf'], { cwd: folder });
    expect(coco.code).toBe(0);
    expect(hf).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/lies in no folder of this machine; fetch the/),
    });
    const written = filesBelow(folder).map((name) => name + readFileSync(join(folder, name), 'latin1'));
    const said = [first, second, third, coco, hf].map(({ stdout, stderr }) => stdout + stderr);
    for (const text of [...written, ...said]) expect(text).not.toMatch(/AKIASECRET|topsecret|fresh|id=7/);
  });

  it('are answered line by line beside paths, each line with what it says', async () => {
    const folder = folderWith({ 'x.jpg': cat });
    const lines = [
      ...['x.jpg', `${server.origin}/cat.jpg?${SECRET}`, `${server.origin}/a%20b.jpg`, `${server.origin}/page.jpg`],
      ...[`http://me:topsecret@${host()}/cat.jpg`, 'ftp://host/topsecret.jpg', 'http://[/topsecret.jpg'],
    ];
    const { code, stdout, stderr } = await gapcam(['-', ...small, '--json', '--write', 'none', '--allow-local'], {
      cwd: folder,
      input: lines.join('\n'),
    });
    expect(code).toBe(0);
    const answers = linesOf(stdout).map((line) => JSON.parse(line));
    expect(answers.map((answer) => answer.in).sort()).toEqual([...lines].sort());
    const fate = (line: string) => {
      const { photo, error } = answers.find((answer) => answer.in === line);
      return [photo, error?.code];
    };
    expect(lines.map(fate)).toEqual([
      ['x.jpg', undefined],
      [`http://${host()}/cat.jpg`, undefined],
      [`http://${host()}/a%20b.jpg`, undefined],
      [`http://${host()}/page.jpg`, 'not-a-photo'],
      [`http://@${host()}/cat.jpg`, 'unreadable'],
      ['ftp://...', 'unreadable'],
      ['http://...', 'missing'],
    ]);
    expect(stderr + answers.map(({ in: _, ...answer }) => JSON.stringify(answer)).join()).not.toMatch(/topsecret/);
  });

  it('are not fetched from this machine without --allow-local', async () => {
    const output = join(temporaryFolder(), 'out');
    const { code, stderr } = await gapcam([`${server.origin}/cat.jpg`, ...small, '-o', output]);
    expect(code).toBe(1);
    expectSentence(
      linesOf(stderr)[0],
      /cat\.jpg: 127\.0\.0\.1:\d+ is this machine, .* add --allow-local if that is meant\.$/,
    );
    expect(server.requests).toEqual([]);
    expect(manifestOf(output)[0]).toMatchObject({ photo: `http://${host()}/cat.jpg`, error: { code: 'unreadable' } });
  });
});

it('a range of addresses is each of them, and too many are refused', async () => {
  const { code, stderr } = await called(['https://host/{0..1000000}.jpg', ...small]);
  expect(code).toBe(2);
  expectSentence(linesOf(stderr)[0], /stands for 1000001 addresses; name fewer at a time\.$/);
});
