import { createHash, createHmac } from 'node:crypto';

/** Signatures of requests to buckets, as AWS describes them: Signature Version 4, in a header. */

/** Who asks. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A request that has no query. */
export interface Unsigned {
  readonly method: 'GET' | 'PUT';
  /** Percent-encoded, with its slash at the start. */
  readonly path: string;
  /** By names in lower case, with `host`. Values have no blanks at their ends, and no two in a row. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

const digest = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const keyed = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The path of a key: all is encoded but letters, digits, four marks and slashes. */
export const encodedKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** The request's headers with the signature. It covers all of them, the time and the body. */
export const signed = (
  { method, path, headers, body = new Uint8Array() }: Unsigned,
  { accessKeyId, secretAccessKey, sessionToken }: Identity,
  region: string,
  at: Date,
): Record<string, string> => {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const content = digest(body);
  const all: Record<string, string> = {
    ...headers,
    'x-amz-content-sha256': content,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(all).sort();
  const lines = names.map((name) => `${name}:${all[name]}\n`).join('');
  const canonical = [method, path, '', lines, names.join(';'), content].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(keyed, keyed(`AWS4${secretAccessKey}`, day));
  const signature = keyed(key, ['AWS4-HMAC-SHA256', time, scope, digest(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...all, authorization };
};
