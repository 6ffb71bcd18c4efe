import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openS3 } from '../../src/s3/client.js';
import { encodedKey } from '../../src/s3/direct.js';
import { patience } from '../../src/s3/patience.js';

interface Seen {
  readonly bySdk: boolean;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

let seen: Seen[];
let answer: (request: Seen, response: ServerResponse) => void;
let server: Server;
let address: string;

const found = (_: Seen, response: ServerResponse) => response.writeHead(200, { etag: '"tag"' }).end('bytes');
const error = (status: number, code: string) => (_: Seen, response: ServerResponse) =>
  response.writeHead(status).end(`<Error><Code>${code}</Code><Message>AKIASECRET</Message></Error>`);

beforeEach(async () => {
  seen = [];
  answer = found;
  server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    request.resume();
    const one = { bySdk: 'amz-sdk-request' in headers, method, url, headers };
    seen.push(one);
    answer(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL_S3', address);
  vi.stubEnv('AWS_REGION', 'eu-west-3');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIASECRET');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'topsecret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'toptoken');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const waits = { ...patience, total: 400, contact: 400, first: 1, longest: 4 };

/** A client whose first request is made, and forgotten. */
const opened = async () => {
  const s3 = await openS3('bucket', waits);
  await s3.get('first');
  seen.length = 0;
  return s3;
};

describe('after the first request of the SDK', () => {
  it('objects are read and written by requests that go to the same place, with the same region, keys and conditions', async () => {
    const s3 = await opened();
    expect((await s3.get('a b.jpg', { start: 5, length: 3, etag: 'x' })).bytes.toString()).toBe('bytes');
    expect(await s3.put('c/d.jpg', Buffer.from('1234'), { ifNoneMatch: true, notes: { through: '17' } })).toBe('tag');
    expect(seen).toMatchObject([
      { bySdk: false, method: 'GET', url: '/bucket/a%20b.jpg', headers: { range: 'bytes=5-7', 'if-match': '"x"' } },
      {
        ...{ bySdk: false, method: 'PUT', url: '/bucket/c/d.jpg' },
        headers: {
          ...{ 'content-length': '4', 'content-type': 'image/jpeg', 'if-none-match': '*', 'x-amz-meta-through': '17' },
          'x-amz-security-token': 'toptoken',
        },
      },
    ]);
    for (const { headers } of seen)
      expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIASECRET\/\d+\/eu-west-3\/s3\//);
  });

  it('the SDK is asked where it may know another way, and shows it anew', async () => {
    const s3 = await opened();
    answer = (request, response) =>
      (request.bySdk ? found : error(400, 'AuthorizationHeaderMalformed'))(request, response);
    expect(await s3.put('x', Buffer.from('1234'))).toBe('tag');
    expect(seen.map(({ bySdk }) => bySdk)).toEqual([false, true]);
    answer = found;
    await s3.get('y');
    expect(seen.at(-1)?.bySdk).toBe(false);
  });

  it.each([
    ['a missing object', 404, 'NoSuchKey', { code: 'ENOENT' }],
    ['a missing bucket', 404, 'NoSuchBucket', { code: 'no-bucket' }],
    ['a 404 of what is no such service', 404, '-', { code: 'bucket-refused' }],
    ['a refusal', 403, 'AccessDenied', { code: 'bucket-denied' }],
    [
      'a service that stays busy',
      503,
      'SlowDown',
      { code: 'bucket-unreachable', message: expect.stringContaining('SlowDown') },
    ],
  ])('%s is what it is to the SDK, without a secret', async (_, status, code, expected) => {
    const s3 = await opened();
    answer = error(status, code);
    const thrown = await s3.get('x').catch((caught: unknown) => caught);
    expect(thrown).toMatchObject(expected);
    expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toMatch(
      /SECRET|topsecret|toptoken|Signature/,
    );
  });

  it('newer credentials are taken where those of the machine expire, as they do in long runs', async () => {
    let given = 0;
    const credentials = createServer((_, response) => {
      const Expiration = new Date(Date.now() + 1000).toISOString();
      response.end(
        JSON.stringify({ AccessKeyId: `KEY${++given}`, SecretAccessKey: 's', Token: `t${given}`, Expiration }),
      );
    });
    await new Promise<void>((resolve) => credentials.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv(
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      `http://127.0.0.1:${(credentials.address() as AddressInfo).port}/`,
    );
    try {
      const s3 = await opened();
      await s3.get('x');
      await s3.get('y');
      const keys = seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]);
      expect(seen.map(({ bySdk }) => bySdk)).toEqual([false, false]);
      expect(new Set(keys).size).toBe(2);
      expect(seen.map(({ headers }) => `KEY${String(headers['x-amz-security-token']).slice(1)}`)).toEqual(keys);
    } finally {
      credentials.closeAllConnections();
      credentials.close();
    }
  });
});

it('of a key, all is encoded but letters, digits, -._~ and slashes', () => {
  expect(encodedKey("a b/+~!'()*é/../-_.")).toBe('a%20b/%2B~%21%27%28%29%2A%C3%A9/../-_.');
});
