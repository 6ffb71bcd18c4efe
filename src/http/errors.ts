import { systemCode } from '../errors.js';

/** Why a file could not be fetched, as a sentence without the address: that may hold secrets. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly code: 'missing' | 'unreadable' | 'too-large',
    message: string,
    /** Set: the same request may succeed later. In milliseconds, how long the server asks to be left alone. */
    readonly after?: number | undefined,
  ) {
    super(message);
  }
}

/** An answer that broke off, or did not come in time. Completes "The server did not answer as it should (...)". */
export class Broken extends Error {}

// Failures of the network that may be others a moment later.
const passing = new Set([
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'EAI_FAIL', 'EHOSTUNREACH'],
  ...['ENETUNREACH', 'ENETDOWN', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_CONSTANT', 'HPE_CLOSED_CONNECTION'],
]);

const withWay = (text: string, way: string): string => `${text}; ${way}.`;

/** The error of a failure on the way to a server. @param host where it was to come from. */
export const failureOf = (error: unknown, host: string): HttpError => {
  if (error instanceof HttpError) return error;
  if (error instanceof Broken) return new HttpError('unreadable', error.message, 0);
  const code = systemCode(error) ?? 'no reason was given';
  if (code === 'ENOTFOUND') {
    return new HttpError('unreadable', withWay(`There is no server ${host}`, 'check how it is written'));
  }
  if (passing.has(code)) return new HttpError('unreadable', code, 0);
  const isTrust = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code);
  const text = isTrust
    ? `The server ${host} is not shown to be who it says (${code})`
    : `The server ${host} cannot be read from (${code})`;
  return new HttpError('unreadable', withWay(text, isTrust ? 'check its certificate' : 'check the address'));
};

/** When a server wants to be asked again, in milliseconds. */
const waitOf = (header: string | undefined): number => {
  const seconds = Number(header ?? 0);
  const until = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header ?? '') - Date.now();
  return Number.isFinite(until) ? Math.max(0, until) : 0;
};

/** The error of an answer that is no file. @param retryAfter the header of this name. */
export const refusalOf = (status: number, retryAfter: string | undefined): HttpError => {
  const said = `(status ${status})`;
  if (status === 404 || status === 410) return new HttpError('missing', `The server has no such file ${said}.`);
  if (status === 429 || status === 408 || status === 425 || status >= 500) {
    return new HttpError('unreadable', `status ${status}`, waitOf(retryAfter));
  }
  if (status === 401 || status === 403) {
    const way = 'the address may need a signature, or a new one';
    return new HttpError('unreadable', withWay(`The server refuses to send it ${said}`, way));
  }
  return new HttpError('unreadable', withWay(`The server does not send it ${said}`, 'check the address'));
};
