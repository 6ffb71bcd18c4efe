import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gapcam } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import {
  cat,
  expectRefusal,
  expectSentence,
  explainedNames,
  filesBelow,
  folderWith,
  linesOf,
  manifestOf,
  picturesBelow,
  small,
} from '../helpers/runs.js';
import { type S3Server, startS3 } from '../helpers/s3-server.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
beforeEach(() => {
  server.objects.clear();
  server.requests.length = 0;
  server.fault = () => undefined;
});
afterAll(() => server.close());

const put = (key: string, content: Uint8Array | string = cat) => {
  const bytes = Buffer.from(content as string);
  server.objects.set(`bucket/${key}`, {
    ...{ bytes, etag: createHash('md5').update(bytes).digest('hex'), notes: {} },
    modified: 1_700_000_000_123,
  });
};

const run = (words: readonly string[], circumstances: object = {}) =>
  gapcam([...words, ...small, '--no-report'], { environment: server.environment, ...circumstances });

describe('photos in a bucket', () => {
  const odd = [
    'a b.jpg',
    'a+b.jpg',
    '100%.jpg',
    'a%20b.jpg',
    'Größe é.jpg',
    '../up.jpg',
    'x//y.jpg',
    'deep/er/two\nlines.jpg',
  ];

  it('below a beginning are explained whatever their keys are, once, and only the listing is asked when a run goes on', async () => {
    const output = join(temporaryFolder(), 'deep', 'out');
    for (const key of odd) put(`photos/${key}`);
    for (const key of ['photos/', 'photos/folder.jpg/', 'photos/.hidden.jpg', 'photos/.git/a.jpg']) put(key, '');
    put('photos/words.txt', 'no photo');
    put('photos-2/other.jpg');
    put('photos/b.heic', 'x');
    const first = await run(['s3://bucket/photos/', '-o', output]);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('1 file is no photo that is read here: 1 HEIC');
    expect(explainedNames(output)).toEqual(odd.map((key) => `s3://bucket/photos/${key}`).sort());
    // Nothing out of the output folder, where a key would lead out of it.
    expect(filesBelow(join(output, '..')).every((name) => name.startsWith('out/'))).toBe(true);
    expect(picturesBelow(output)).toHaveLength(odd.length);
    expect(picturesBelow(output)).toContain('@s3/bucket/photos/a b.jpg.3-cat.jpg');

    server.requests.length = 0;
    put('photos/a b.jpg', Buffer.concat([cat, Buffer.alloc(1)]));
    const second = await run(['s3://bucket/photos/', '-o', output]);
    expect(second.stderr).toMatch(/^1 photo explained, 7 done before/m);
    expect(server.requests.filter((line) => !line.startsWith('GET bucket/')).join()).toBe('');
    expect(server.requests.filter((line) => line.endsWith('.jpg'))).toEqual(['GET bucket/photos/a b.jpg']);
    expect(manifestOf(output).find(({ photo }) => photo.endsWith('a b.jpg'))?.source).toEqual({
      ...{ size: cat.length + 1, modified: 1_700_000_000_000 },
      etag: server.objects.get('bucket/photos/a b.jpg')?.etag,
    });
  });

  it('are named by key, pattern and range, beside local ones, and what is not there is said', async () => {
    const folder = folderWith({ 'local.jpg': cat });
    for (const key of ['p/1.jpg', 'p/2.png', 'p/deep/3.jpg', 'q/07.jpg', 'q/08.jpg', 'r/a[1].jpg', 's.jpg', 't/4.jpg'])
      put(key);
    put('p/.5.jpg');
    const words = [
      's3://bucket/p/*.jpg',
      's3://bucket/q/{07..09}.jpg',
      's3://bucket/r/a[1].jpg',
      's3://bucket/s.jpg',
      'local.jpg',
      's3://bucket/t',
    ];
    const { code, stderr } = await run([...words, 's3://bucket/u/', 's3://bucket/v/*', '-o', 'out'], { cwd: folder });
    expect(code).toBe(1);
    const expected = ['p/1', 'q/07', 'q/08', 'r/a[1]', 's', 't/4'].map((key) => `s3://bucket/${key}.jpg`);
    expect(explainedNames(join(folder, 'out'))).toEqual(['local.jpg', ...expected]);
    for (const about of [
      /q\/09\.jpg: There is no such object\.$/m,
      /There is nothing below s3:\/\/bucket\/u\/\.$/m,
      /Nothing matches s3:\/\/bucket\/v\/\*\.$/m,
    ]) {
      expect(stderr).toMatch(about);
    }
  });

  it('are answered line by line beside paths, and each is what it says', async () => {
    const folder = folderWith({ 'x.jpg': cat });
    put('a b.jpg');
    put('text.jpg', 'words');
    put('x.tar/a.jpg');
    const lines = [
      'x.jpg',
      's3://bucket/a b.jpg',
      's3://bucket/text.jpg',
      's3://bucket/x.tar/a.jpg',
      's3://bucket/none.jpg',
      's3://bucket/',
      's3://bucket/*.jpg',
      's3://@/x',
    ];
    const input = Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), Buffer.from('s3://bucket/\xe9.jpg', 'latin1')]);
    const { code, stdout } = await run(['-', '--json', '--write', 'none'], { cwd: folder, input });
    expect(code).toBe(0);
    const answers = linesOf(stdout).map((line) => JSON.parse(line));
    expect(answers).toHaveLength(lines.length + 1);
    const fates = lines.map((line) => answers.find((answer) => answer.in === line)?.error?.code);
    expect(fates).toEqual([
      undefined,
      undefined,
      'not-a-photo',
      undefined,
      'missing',
      'not-a-file',
      'missing',
      'missing',
    ]);
    expect(answers.find((answer) => answer.in === 's3://bucket/x.tar/a.jpg').photo).toBe('s3://bucket/x.tar//a.jpg');
  });

  it('go into the shards that their names belong to, beside their results in one bucket, which are no photos', async () => {
    for (let i = 0; i < 6; i++) put(`${i}.jpg`);
    const shard = (part: string) => run(['s3://bucket/', '--shard', part, '-o', 's3://bucket/out']);
    expect([await shard('1/2'), await shard('2/2'), await shard('1/2')].map(({ code }) => code)).toEqual([0, 0, 0]);
    const merged = join(temporaryFolder(), 'merged');
    await gapcam(['merge', 's3://bucket/out/1-of-2', 's3://bucket/out/2-of-2', '-o', merged], {
      environment: server.environment,
    });
    expect(explainedNames(merged)).toEqual([0, 1, 2, 3, 4, 5].map((i) => `s3://bucket/${i}.jpg`));
    expect(picturesBelow(merged)).toHaveLength(6);
    expectRefusal(
      await run(['s3://bucket/out/', '-o', 's3://bucket/out']),
      /looks for photos in the --output s3:\/\/bucket\/out/,
    );
  });

  it('through a storm of failures are each explained once, and one that is denied costs only itself', async () => {
    for (let i = 0; i < 12; i++) put(`${i}.jpg`);
    const output = join(temporaryFolder(), 'out');
    const faults = [{ status: 503 }, { lost: true }, { cut: true }] as const;
    server.fault = (_, path, count) => {
      if (path.endsWith('/7.jpg')) return { status: 403 };
      return count % 3 === 0 ? faults[(count / 3) % 3] : undefined;
    };
    const { code, stderr } = await run(['s3://bucket/', '-o', output]);
    expect(code).toBe(1);
    expectSentence(linesOf(stderr)[0], /^s3:\/\/bucket\/7\.jpg: Cannot read s3:\/\/bucket\/7\.jpg: access was denied/);
    expect(explainedNames(output)).toHaveLength(11);
    expect(server.requests.length).toBeLessThan(60);
    expect(stderr).not.toMatch(/AKIASECRET|topsecret/);
  });

  it('are refused in a sentence where there is no such bucket, and the run ends', async () => {
    expectRefusal(await run(['s3://nobody/', '-o', temporaryFolder()]), /There is no bucket nobody/);
  });
});
