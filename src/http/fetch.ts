import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Broken, failureOf, HttpError, refusalOf } from './errors.js';
import { exchange, type HttpAddress } from './exchange.js';

/** How long a server is waited for. Times are in milliseconds. */
export interface HttpLimits {
  /** Until an answer begins. */
  readonly answer: number;
  /** Until the next bytes of a body. */
  readonly stall: number;
  /** The slowest body that is waited for after `grace`, in bytes a millisecond. */
  readonly slowest: number;
  readonly grace: number;
  readonly tries: number;
  /** Longest pause before the second try. It doubles with each, up to `longest`. */
  readonly first: number;
  readonly longest: number;
}

export const httpLimits: HttpLimits = {
  answer: 30_000,
  stall: 30_000,
  slowest: 50,
  grace: 30_000,
  tries: 6,
  first: 500,
  longest: 30_000,
};

/** What a server sends, and says of it. */
export interface HttpFile {
  /** What was asked for, or no bytes where none were. */
  readonly bytes: Buffer;
  /** Of the whole file, in bytes. Undefined: the server does not say. */
  readonly size: number | undefined;
  /** Without quotes. Undefined: there is none. */
  readonly etag: string | undefined;
  /** When it was written, in milliseconds since 1970. Undefined: the server does not say. */
  readonly modified: number | undefined;
}

/** Bytes of a file that are asked for. */
export interface HttpRange {
  readonly start: number;
  readonly length: number;
}

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

const factsOf = ({ headers, statusCode }: IncomingMessage): Omit<HttpFile, 'bytes'> => {
  const isPart = statusCode === 206 || statusCode === 416;
  const modified = Date.parse(headers['last-modified'] ?? '');
  return {
    // Of a part, the whole file's size stands after a slash.
    size: numberOf(isPart ? /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] : headers['content-length']),
    etag: headers.etag?.replaceAll('"', '') || undefined,
    modified: Number.isNaN(modified) ? undefined : modified,
  };
};

const tooLarge = (most: number): HttpError =>
  new HttpError('too-large', `The file is larger than ${most / 2 ** 30} GiB, which is no photo.`);

/**
 * Reads a body. Its bytes are counted as they come, whatever the server announced.
 * @param beyond the error where there are more than `most`.
 * @throws HttpError, Broken.
 */
const bodyOf = async (
  answer: IncomingMessage,
  most: number,
  beyond: () => HttpError,
  { stall, slowest, grace }: HttpLimits,
): Promise<Buffer> => {
  const announced = numberOf(answer.headers['content-length']);
  if ((announced ?? 0) > most) throw beyond();
  const pieces: Buffer[] = [];
  let size = 0;
  const begin = performance.now();
  const stalled = setTimeout(() => answer.destroy(new Broken(`nothing came for ${stall / 1000} s`)), stall);
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      stalled.refresh();
      pieces.push(piece);
      size += piece.length;
      if (size > most) throw beyond();
      if (performance.now() - begin > grace + size / slowest) throw new Broken('it came too slowly');
    }
  } finally {
    clearTimeout(stalled);
  }
  if (size !== (announced ?? size)) throw new Broken(`${size} of ${announced} bytes came`);
  return Buffer.concat(pieces);
};

/** @throws HttpError where the answer is none to the request. */
const requireFile = ({ statusCode = 0, headers }: IncomingMessage, range: HttpRange | undefined): void => {
  const isFile = statusCode === 200 || (range !== undefined && (statusCode === 206 || statusCode === 416));
  if (!isFile) throw refusalOf(statusCode, headers['retry-after']);
  const packed = headers['content-encoding'] ?? 'identity';
  if (packed !== 'identity') {
    throw new HttpError('unreadable', `The server packs what it sends (${packed}), though it is asked not to.`);
  }
};

/** The file's part in an answer, of which no more than the part is read. */
const partOf = async (answer: IncomingMessage, { start, length }: HttpRange, limits: HttpLimits): Promise<Buffer> => {
  if (answer.statusCode === 416 || length === 0) return Buffer.alloc(0);
  const other = (): HttpError => {
    const message = 'The server sends no parts of a file, by which archives are read; fetch the archive first.';
    return new HttpError('unreadable', message);
  };
  const [, first] = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '') ?? [];
  if (answer.statusCode !== 206 || Number(first) !== start) throw other();
  return bodyOf(answer, length, other, limits);
};

const rangeHeader = ({ start, length }: HttpRange): string => `bytes=${start}-${start + Math.max(1, length) - 1}`;

const tryOnce = async (
  address: HttpAddress,
  most: number,
  range: HttpRange | undefined,
  limits: HttpLimits,
): Promise<HttpFile> => {
  const headers = {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'gapcam',
    ...(range && { range: rangeHeader(range) }),
  };
  const answer = await exchange(address, headers, limits.answer);
  try {
    requireFile(answer, range);
    const bytes =
      range === undefined
        ? await bodyOf(answer, most, () => tooLarge(most), limits)
        : await partOf(answer, range, limits);
    return { bytes, ...factsOf(answer) };
  } finally {
    // What was read to its end leaves its connection to the next.
    if (!answer.readableEnded) answer.destroy();
  }
};

/** Anything between half the full pause and all of it, so that many processes do not come back together. */
const pauseBefore = (tries: number, asked: number, { first, longest }: HttpLimits): number =>
  Math.min(longest, Math.max(asked, first * 2 ** (tries - 1) * (0.5 + Math.random() / 2)));

/**
 * Fetches a file, or a range of it: no bytes where that begins after its end, or has none. Tries again, with pauses, while the
 * server fails or breaks off.
 * @param most bytes that the file may have.
 * @throws HttpError
 */
export const fetchFile = async (
  address: HttpAddress,
  most: number,
  range?: HttpRange,
  limits: HttpLimits = httpLimits,
): Promise<HttpFile> => {
  const { host } = new URL(address.url);
  for (let tries = 1; ; tries++) {
    try {
      return await tryOnce(address, most, range, limits);
    } catch (error) {
      const { code, message, after } = failureOf(error, host);
      if (after === undefined) throw new HttpError(code, message);
      if (tries >= limits.tries) {
        const said = `The server ${host} did not answer as it should, asked ${limits.tries} times (${message})`;
        throw new HttpError(code, `${said}; give the command again later.`);
      }
      await pause(pauseBefore(tries, after, limits));
    }
  }
};
