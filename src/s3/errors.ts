import { UsageError } from '../errors.js';
import { type S3Place, s3Word } from './place.js';

/**
 * What a service or the way to it says, in our own words. Messages of the SDK are not repeated, and its errors are kept
 * nowhere: they hold requests with their signatures.
 */

/** What is read of an error. */
interface Said {
  /** Of the service, such as NoSuchKey; of the system, such as ECONNREFUSED. */
  readonly name: string;
  /** HTTP status. 0: no answer came. */
  readonly status: number;
}

/** An answer that broke off, or had other bytes than it announced. */
export class CutBody extends Error {
  override readonly name = 'CutBody';
}

/** An object that has more bytes than are read. */
export class LargeObject extends Error {
  readonly code = 'EFBIG';
}

type Fields = { name?: unknown; code?: unknown; $metadata?: { httpStatusCode?: number }; cause?: Fields };

const saidBy = (error: unknown): Said => {
  const { name, code, $metadata } = (error ?? {}) as Fields;
  const status = $metadata?.httpStatusCode ?? 0;
  const words = [name, code].filter(
    (word): word is string => typeof word === 'string' && /^[A-Za-z0-9_.]+$/.test(word),
  );
  return {
    name: words.find((word) => !['Error', 'AggregateError', 'Unknown'].includes(word)) ?? `status ${status}`,
    status,
  };
};

// Answers and failures of the network that may be others a moment later.
const passing = new Set([
  ...['SlowDown', 'ServiceUnavailable', 'InternalError', 'RequestTimeout', 'OperationAborted', 'BadDigest'],
  ...['ConditionalRequestConflict', 'ThrottlingException', 'Throttling', 'TooManyRequests'],
  ...['CutBody', 'TimeoutError', 'AbortError', 'NetworkingError', 'EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT'],
  ...[
    'ECONNABORTED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENETDOWN',
    'EAI_AGAIN',
    'ERR_STREAM_PREMATURE_CLOSE',
    'HPE_INVALID_CONSTANT',
  ],
]);

const unconnected = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN']);

/** Whether there was no connection. */
export const isUnconnected = (error: unknown): boolean => unconnected.has(saidBy(error).name);

/** Whether the same request may succeed later. */
export const isPassing = (error: unknown): boolean => {
  const { name, status } = saidBy(error);
  // An SDK that cannot read an answer has got a broken one: a page of a proxy, or half of the XML.
  return (
    passing.has(name) || status >= 500 || status === 429 || (error instanceof Error && '$responseBodyText' in error)
  );
};

/** Whether there is no such object. Another 404 comes from something that is no such service. */
export const isMissing = (error: unknown): boolean => ['NoSuchKey', 'NotFound'].includes(saidBy(error).name);

/** Whether a range begins after the object's end. */
export const isBeyond = (error: unknown): boolean => saidBy(error).status === 416;

/** Whether a condition of the request did not hold, as that there is no object of that name. */
export const isUnmet = (error: unknown): boolean => {
  const { name, status } = saidBy(error);
  return status === 412 || name === 'PreconditionFailed';
};

/** An error such as the system's for a file that is not there. */
export const missingObject = (place: S3Place): Error =>
  Object.assign(new Error(`ENOENT: there is no ${s3Word(place)}`), { code: 'ENOENT' });

const credentials = 'CredentialsProviderError';

// What is wrong, and the way out, by what the service says.
const sentences: Readonly<
  Record<string, (place: string, bucket: string) => readonly [code: string, sentence: string]>
> = {
  NoSuchBucket: (place, bucket) => [
    'no-bucket',
    `There is no bucket ${bucket} for ${place}; check its name, or make it.`,
  ],
  [credentials]: (place) => [
    'no-credentials',
    `No credentials were found for ${place}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`,
  ],
  PermanentRedirect: (place) => ['wrong-region', `${place} lies in another region; set AWS_REGION to the bucket's.`],
  AuthorizationHeaderMalformed: (place) => [
    'wrong-region',
    `${place} lies in another region; set AWS_REGION to the bucket's.`,
  ],
  NotImplemented: (place) => [
    'no-conditions',
    `The service of ${place} does not know a request that is needed; use another.`,
  ],
  KeyTooLongError: (place) => ['key-too-long', `${place} is longer than the 1024 bytes that a key may have.`],
};

const refusals: Readonly<Record<string, string>> = {
  AccessDenied: 'access was denied',
  Forbidden: 'access was denied',
  AllAccessDisabled: 'all access is disabled',
  InvalidObjectState: 'it lies in an archive and must be restored first',
  InvalidAccessKeyId: 'the access key is not known there',
  SignatureDoesNotMatch: 'the secret key does not fit the access key',
  ExpiredToken: 'the session token has expired',
  ExpiredTokenException: 'the session token has expired',
  TokenRefreshRequired: 'the session token has expired',
  InvalidToken: 'the session token is not valid',
  RequestTimeTooSkewed: "this machine's clock is wrong",
};

// Refusals that may be of one object alone.
const ofOne = new Set(['AccessDenied', 'InvalidObjectState', 'KeyTooLongError']);

/** Whether the same may be allowed for another object. @param error from `refusedBy`. */
export const isOfOneObject = ({ cause }: UsageError): boolean => typeof cause === 'string' && ofOne.has(cause);

/** The UsageError for an answer that will stay the same. Its cause is the service's word for it, and nothing more. @param action in words, such as "read". */
export const refusedBy = (error: unknown, action: string, place: S3Place): UsageError => {
  if (error instanceof UsageError) return error;
  const { name, status } = saidBy(error);
  const known = Object.hasOwn(sentences, name) ? sentences[name](s3Word(place), place.bucket) : undefined;
  if (known !== undefined) return new UsageError(known[0], known[1], name);
  const refusal = Object.hasOwn(refusals, name) ? refusals[name] : undefined;
  if (refusal !== undefined || status === 401 || status === 403) {
    const why = refusal ?? 'access was denied';
    return new UsageError(
      'bucket-denied',
      `Cannot ${action} ${s3Word(place)}: ${why} (${name}); check the credentials and what they may do.`,
      name,
    );
  }
  const answer = status === 0 ? name : `${name}, status ${status}`;
  return new UsageError(
    'bucket-refused',
    `Cannot ${action} ${s3Word(place)}: the service answers ${answer}; check the place, the endpoint and AWS_REGION.`,
  );
};

const spanOf = (milliseconds: number): string =>
  milliseconds >= 120_000 ? `${Math.round(milliseconds / 60_000)} minutes` : `${Math.ceil(milliseconds / 1000)} s`;

/** The UsageError for a service that failed for too long. @param waited in milliseconds. */
export const unreachable = (error: unknown, action: string, place: S3Place, waited: number): UsageError =>
  new UsageError(
    'bucket-unreachable',
    `Cannot ${action} ${s3Word(place)}: for ${spanOf(waited)} the service did not answer as it should (${saidBy(error).name}); what is finished is kept, and the same command goes on once it does${isUnconnected(error) ? '. Check AWS_ENDPOINT_URL where you set it' : ''}.`,
  );
