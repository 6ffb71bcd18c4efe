import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gapcam, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/folders.js';
import { called, runHere } from '../helpers/in-process.js';
import { cat, explainedNames, folderWith, linesOf, manifestOf, picturesBelow, small } from '../helpers/runs.js';
import { type S3Server, startS3 } from '../helpers/s3-server.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());

const photos = folderWith(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i} +%é.jpg`, cat])));

const inBucket = (output: string, ...more: string[]) =>
  [[photos, ...small, '-o', `s3://bucket/${output}/`, ...more], { environment: server.environment }] as const;

/** Names and contents of the objects below a prefix, but for the run's own files. */
const picturesIn = (output: string): ReadonlyMap<string, string> =>
  new Map(
    [...server.objects]
      .filter(([path]) => path.startsWith(`bucket/${output}/`) && path.endsWith('.jpg'))
      .map(([path, { etag }]) => [path.slice(`bucket/${output}/`.length), etag]),
  );

const partsIn = (output: string): string[] =>
  [...server.objects.keys()].filter((path) => path.startsWith(`bucket/${output}/manifest`)).sort();

/** Photos of all lines in the manifest. */
const linesIn = (output: string): string[] =>
  partsIn(output)
    .flatMap((path) => linesOf(server.objects.get(path)?.bytes.toString() ?? ''))
    .map((line) => JSON.parse(line).photo)
    .sort();

describe('a run into a bucket', () => {
  it('is that of a folder: the same pictures and lines, a report, and a second run that does nothing', async () => {
    const folder = join(temporaryFolder(), 'out');
    expect(await runHere({ photos: [photos], output: folder })).toMatchObject({ done: 12 });
    const first = await gapcam(...inBucket('whole'));
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('-> s3://bucket/whole/0 +%é.jpg.3-cat.jpg');
    expect([...picturesIn('whole').keys()].sort()).toEqual(picturesBelow(folder));
    expect(linesIn('whole')).toEqual(explainedNames(folder));
    expect(server.objects.has('bucket/whole/report.html')).toBe(true);
    const second = await gapcam(...inBucket('whole'));
    expect(second).toMatchObject({ code: 0, stderr: expect.stringMatching(/^0 photos explained, 12 done before/) });
    const other = await gapcam(...inBucket('whole', '-k', '2'));
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/s3:\/\/bucket\/whole holds a run of other/),
    });

    const merged = join(temporaryFolder(), 'merged');
    const merge = await gapcam(['merge', 's3://bucket/whole', '-o', merged], { environment: server.environment });
    expect(merge).toMatchObject({ code: 0, stdout: '' });
    expect(picturesBelow(merged)).toEqual(picturesBelow(folder));
    expect(manifestOf(merged)).toHaveLength(12);
    const report = await gapcam(['report', 's3://bucket/whole'], { environment: server.environment });
    expect(report).toMatchObject({ code: 0, stdout: 's3://bucket/whole/report.html\n' });

    // Secrets reach no file and no stream.
    const written = [...server.objects.values()].map(({ bytes }) => bytes.toString('latin1'));
    const said = [first, second, other, merge, report].map(({ stdout, stderr }) => stdout + stderr);
    for (const text of [...written, ...said]) expect(text).not.toMatch(/AKIASECRET|topsecret/);
  });

  it('that is killed goes on: each photo once, and the pictures of a run that was not', async () => {
    const undisturbed = picturesIn('whole');
    // As the manifest is written; the soak tries any request.
    const run = start(...inBucket('killed'));
    server.fault = (method, path) => {
      if (method === 'PUT' && /killed\/manifest\/000001\.jsonl$/.test(path)) run.child.kill('SIGKILL');
      return undefined;
    };
    expect((await run.outcome).code).toBe(null);
    server.fault = () => undefined;
    expect(await gapcam(...inBucket('killed'))).toMatchObject({ code: 0 });
    expect(picturesIn('killed')).toEqual(undisturbed);
    expect(linesIn('killed')).toEqual(linesIn('whole'));
  });

  it('through a storm of failures loses nothing and doubles nothing', async () => {
    const faults = [{ status: 503 }, { lost: true }, { cut: true }] as const;
    server.fault = (_, __, count) => (count % 4 === 0 ? faults[(count / 4) % 3] : undefined);
    const { code } = await gapcam(...inBucket('stormy'));
    server.fault = () => undefined;
    expect(code).toBe(0);
    expect(picturesIn('stormy')).toEqual(picturesIn('whole'));
    expect(linesIn('stormy')).toEqual(linesIn('whole'));
  });

  it('says in a sentence that there is no such bucket, or no such kind of place', async () => {
    const none = await gapcam([photos, ...small, '-o', 's3://nobody/x'], { environment: server.environment });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/^gapcam: There is no bucket nobody/) });
    const kind = await called([photos, ...small, '-o', 'gs://me:topsecret@x/y']);
    expect(kind).toMatchObject({ code: 2, stderr: expect.stringMatching(/addresses of gs:\/\/; name a folder/) });
    expect(kind.stderr).not.toContain('topsecret');
  });
});
