import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BucketServer } from '../helpers/bucket-server.js';
import { gapcam, start } from '../helpers/command.js';
import { hasMoto, startMoto } from '../helpers/moto.js';
import { cat, linesOf, small } from '../helpers/runs.js';

// The other tests of buckets ask a server that was written for them. This one's server and client were written by others.
const withMoto = hasMoto();

if (!withMoto) {
  console.warn(
    'NOT TESTED: a bucket of a server that others wrote, since Python has no moto (pip install "moto[server]").',
  );
}

const odd = ['a b.jpg', 'a+b.jpg', '100%.jpg', 'a%20b.jpg', 'Größe é.jpg', '../up.jpg', 'x//y.jpg', '0=~!(*).jpg'];

// boto3, which most programs in Python use.
const PYTHON = `import base64, boto3, json, os, sys
s3 = boto3.client('s3', region_name='us-east-1', endpoint_url=os.environ['AWS_ENDPOINT_URL_S3'])
task = json.load(sys.stdin)
for key in task['put']: s3.put_object(Bucket='bucket', Key=key, Body=base64.b64decode(task['bytes']))
pages = s3.get_paginator('list_objects_v2').paginate(Bucket='bucket', Prefix=task['prefix'])
keys = [each['Key'] for page in pages for each in page.get('Contents', [])]
lines = ''.join(s3.get_object(Bucket='bucket', Key=key)['Body'].read().decode() for key in keys if '/manifest' in key)
starts = [s3.get_object(Bucket='bucket', Key=key)['Body'].read()[:3].hex() for key in keys if key.endswith('.jpg')]
print(json.dumps({'keys': keys, 'lines': lines, 'starts': starts}))`;

interface Seen {
  readonly keys: readonly string[];
  readonly lines: string;
  /** First bytes of each JPEG. */
  readonly starts: readonly string[];
}

let moto: BucketServer;
beforeAll(async () => {
  if (withMoto) moto = await startMoto();
});
afterAll(() => moto?.close());

/** Puts objects, then tells what lies below a beginning, as another client sees it. */
const withBoto = async (prefix: string, put: readonly string[] = []): Promise<Seen> => {
  const working = promisify(execFile)('python3', ['-c', PYTHON], { env: { ...process.env, ...moto.environment } });
  working.child.stdin?.end(JSON.stringify({ prefix, put, bytes: cat.toString('base64') }));
  return JSON.parse((await working).stdout);
};

it.skipIf(!withMoto)(
  "photos and results in a bucket of moto's server: odd keys are read, and a run that is killed goes on, as boto3 sees it",
  async () => {
    const keys = odd.map((name) => `photos/${name}`);
    expect((await withBoto('photos/', keys)).keys).toHaveLength(odd.length);
    const words = ['s3://bucket/photos/', ...small, '--jobs', '1', '--no-report', '-o', 's3://bucket/out'];
    const { environment } = moto;
    const victim = start(words, { environment });
    let pictures = 0;
    moto.fault = (_, method, path) => {
      if (method === 'PUT' && /\/out\/.*\.jpg/.test(path) && ++pictures === 4) victim.child.kill('SIGKILL');
      return undefined;
    };
    expect((await victim.outcome).code).toBe(null);
    moto.fault = () => undefined;
    const resumed = await gapcam(words, { environment });
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringMatching(/^\d photos? explained/) });

    const { keys: written, lines, starts } = await withBoto('out/');
    const photos = linesOf(lines).map((line) => JSON.parse(line).photo);
    expect(photos.sort()).toEqual(keys.map((key) => `s3://bucket/${key}`).sort());
    expect(written.filter((key) => key.endsWith('.jpg'))).toHaveLength(odd.length);
    expect(written).toContain('out/@s3/bucket/photos/a b.jpg.3-cat.jpg');
    expect(written).toContain('out/run.json');
    expect(starts).toEqual(odd.map(() => 'ffd8ff'));
    expect(await gapcam(words, { environment })).toMatchObject({
      stderr: expect.stringMatching(/^0 photos explained, 8 done before/),
    });
  },
);
