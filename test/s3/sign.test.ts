import { expect, it } from 'vitest';
import { encodedKey, signed } from '../../src/s3/sign.js';

// Of AWS's own documentation of signatures in headers, for S3: keys, requests and what must come out.
const identity = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const at = new Date('2013-05-24T00:00:00Z');
const host = 'examplebucket.s3.amazonaws.com';

const signatureOf = ({ authorization }: Record<string, string>): string | undefined =>
  /Signature=([0-9a-f]{64})$/.exec(authorization)?.[1];

it('signs a read as AWS shows it', () => {
  const request = { method: 'GET', path: '/test.txt', headers: { host, range: 'bytes=0-9' } } as const;
  expect(signatureOf(signed(request, identity, 'us-east-1', at))).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

it('signs a write as AWS shows it, with the body and an odd key', () => {
  const headers = { host, date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
  const path = `/${encodedKey('test$file.text')}`;
  const request = { method: 'PUT', path, headers, body: Buffer.from('Welcome to Amazon S3.') } as const;
  expect(signatureOf(signed(request, identity, 'us-east-1', at))).toBe(
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  );
});

it('sends a session token, and signs it', () => {
  const request = { method: 'GET', path: '/x', headers: { host } } as const;
  const { authorization, ...headers } = signed(request, { ...identity, sessionToken: 'token' }, 'eu-west-1', at);
  expect(headers['x-amz-security-token']).toBe('token');
  expect(authorization).toContain('SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,');
  expect(authorization).toContain('Credential=AKIAIOSFODNN7EXAMPLE/20130524/eu-west-1/s3/aws4_request,');
});

it('encodes of a key all but letters, digits, -._~ and slashes', () => {
  expect(encodedKey("a b/+~!'()*é/../-_.")).toBe('a%20b/%2B~%21%27%28%29%2A%C3%A9/../-_.');
});
