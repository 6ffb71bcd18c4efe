import type { S3Client } from '@aws-sdk/client-s3';
import { answerOf, bodyOf, objectOf, type S3Object, unquoted, withDates } from './answer.js';
import { type Direct, directBeside } from './direct.js';
import { isBeyond, isMissing, isUnmet, LargeObject, missingObject } from './errors.js';
import { listOf, type S3Entry } from './list.js';
import { deadlineOf, newOutage, type Patience, patience, withPatience } from './patience.js';
import { loadSdk, type Sdk, sdkClient } from './sdk.js';

/** Some bytes of an object. */
export interface S3Bytes extends S3Object {
  readonly bytes: Buffer;
}

/** Bytes from `start` on: `length` of them, or fewer where the object ends. */
interface S3Range {
  readonly start: number;
  readonly length: number;
  /** Only of this content; another is as no object. */
  readonly etag?: string | undefined;
}

export interface PutOptions {
  /** Only where there is no object of that name. */
  readonly ifNoneMatch?: boolean;
  /** Only where the object of that name has this content. */
  readonly ifMatch?: string | undefined;
  /** Short ASCII texts by names in lower case. */
  readonly notes?: Readonly<Record<string, string>>;
}

/**
 * A bucket. Each function tries again, with pauses, while the service fails or cuts its answers.
 * @throws UsageError `no-bucket`, `no-credentials`, `bucket-denied`, `bucket-refused`, `wrong-region`; `bucket-unreachable` where it
 * failed for as long as is waited.
 */
export interface S3 {
  readonly bucket: string;
  /**
   * An object, or a range of it: no bytes where that begins after its end.
   * @param most bytes that it may have. @throws Error with the code `ENOENT` where there is none, `EFBIG` where it has more.
   */
  readonly get: (key: string, range?: S3Range, most?: number) => Promise<S3Bytes>;
  readonly head: (key: string) => Promise<S3Object | undefined>;
  /**
   * Writes an object, whole or not at all.
   * @returns its etag; undefined where the condition did not hold. After a lost answer that may be due to this very call.
   */
  readonly put: (key: string, content: Uint8Array, options?: PutOptions) => Promise<string | undefined>;
  /** Objects whose keys begin so, in the order of their bytes. The next page is fetched while one is used. */
  readonly list: (prefix: string) => AsyncGenerator<S3Entry>;
  /** As `list`, but of keys that go on with a slash, only what comes up to it, once. */
  readonly listFolder: (prefix: string) => AsyncGenerator<S3Entry>;
  /** Removes an object, if it is there. */
  readonly remove: (key: string) => Promise<void>;
  /** For uploads in parts. */
  readonly raw: S3Raw;
}

/** Sends one request of the SDK, with the patience of all others. */
export interface S3Raw {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly patient: <T>(
    action: string,
    key: string,
    bytes: number,
    send: (signal: AbortSignal) => Promise<T>,
  ) => Promise<T>;
}

const MIME: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  csv: 'text/csv; charset=utf-8',
};

/** What browsers and consoles take an object for. */
export const mimeOf = (key: string): string => MIME[/\.([a-z]+)$/.exec(key)?.[1] ?? ''] ?? 'application/octet-stream';

const isAnswer = (error: unknown): boolean =>
  isMissing(error) || isUnmet(error) || isBeyond(error) || error instanceof LargeObject;

const newPatient = (bucket: string, patience: Patience): S3Raw['patient'] => {
  const outage = newOutage();
  return (action, key, bytes, send) =>
    withPatience(() => send(deadlineOf(patience, bytes)), {
      ...{ patience, outage, action, isAnswer },
      place: { bucket, key },
    });
};

const NOTHING: S3Bytes = { size: 0, etag: '', modified: 0, now: 0, notes: {}, bytes: Buffer.alloc(0) };

// Bytes of a body whose size is not known before it comes.
const USUAL = 2 ** 26;

/** What the functions of a bucket work with. */
interface Opened extends S3Raw {
  readonly bucket: string;
  readonly direct: Direct;
  readonly dates: WeakMap<object, string>;
}

const get = async (
  { sdk, client, patient, bucket, dates, direct }: Opened,
  key: string,
  range?: S3Range,
  most = Number.POSITIVE_INFINITY,
): Promise<S3Bytes> => {
  const input = {
    ...{ Bucket: bucket, Key: key },
    Range: range && `bytes=${range.start}-${range.start + range.length - 1}`,
    IfMatch: range?.etag ? `"${range.etag}"` : undefined,
  };
  const bySdk = async (abortSignal: AbortSignal) => {
    const answer = await client.send(new sdk.GetObjectCommand(input), { abortSignal });
    return { answer, date: dates.get(answer) };
  };
  try {
    return await patient('read', key, range?.length ?? USUAL, async (signal) => {
      const found = await direct('GET', input, signal);
      const { answer, date } = found === undefined ? await bySdk(signal) : answerOf(found);
      return { ...objectOf(answer, date), bytes: await bodyOf(answer.Body, answer.ContentLength, most) };
    });
  } catch (error) {
    if (isBeyond(error)) return NOTHING;
    throw isMissing(error) || isUnmet(error) ? missingObject({ bucket, key }) : error;
  }
};

const head = async ({ sdk, client, patient, bucket, dates }: Opened, key: string): Promise<S3Object | undefined> => {
  const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: key });
  try {
    return await patient('read', key, 0, async (abortSignal) => {
      const answer = await client.send(command, { abortSignal });
      return objectOf(answer, dates.get(answer));
    });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const put = async (
  { sdk, client, patient, bucket, direct }: Opened,
  key: string,
  content: Uint8Array,
  options: PutOptions = {},
): Promise<string | undefined> => {
  const { ifNoneMatch = false, ifMatch, notes } = options;
  const input = {
    Bucket: bucket,
    Key: key,
    Body: content,
    ContentLength: content.length,
    ContentType: mimeOf(key),
    ...(notes !== undefined && { Metadata: { ...notes } }),
    ...(ifNoneMatch && { IfNoneMatch: '*' }),
    ...(ifMatch !== undefined && { IfMatch: `"${ifMatch}"` }),
  };
  try {
    return await patient('write', key, content.length, async (signal) => {
      const answer = await direct('PUT', input, signal);
      if (answer === undefined) {
        const { ETag } = await client.send(new sdk.PutObjectCommand(input), { abortSignal: signal });
        return unquoted(ETag);
      }
      answer.body.resume();
      return unquoted(answer.headers.etag);
    });
  } catch (error) {
    if (isUnmet(error) || (ifMatch !== undefined && isMissing(error))) return undefined;
    throw error;
  }
};

const remove = async ({ sdk, client, patient, bucket }: Opened, key: string): Promise<void> => {
  const command = new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key });
  try {
    await patient('remove', key, 0, (abortSignal) => client.send(command, { abortSignal }));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
};

/** Opens a bucket. Asks nothing of it yet. @throws UsageError `no-s3-client`, `usage`. */
export const openS3 = async (bucket: string, waits: Patience = patience): Promise<S3> => {
  const sdk = await loadSdk();
  const client = await sdkClient(sdk);
  const raw: S3Raw = { sdk, client, patient: newPatient(bucket, waits) };
  const opened: Opened = { ...raw, bucket, dates: withDates(client), direct: directBeside(client) };
  return {
    bucket,
    get: (key, range, most) => get(opened, key, range, most),
    head: (key) => head(opened, key),
    put: (key, content, options) => put(opened, key, content, options),
    list: (prefix) => listOf(raw, bucket, prefix, false),
    listFolder: (prefix) => listOf(raw, bucket, prefix, true),
    remove: (key) => remove(opened, key),
    raw,
  };
};

const shared = new Map<string, Promise<S3>>();

/**
 * A client of a bucket of the service that the environment names, the same each time: so credentials are asked for once, and
 * connections are used again. @throws UsageError `no-s3-client`, `usage`.
 */
export const sharedS3 = (bucket: string): Promise<S3> => {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  const key = `${bucket} ${AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL}`;
  const client = shared.get(key) ?? openS3(bucket);
  shared.set(key, client);
  return client;
};
