import { lookup as lookupOfSystem } from 'node:dns';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import { Broken, HttpError } from './errors.js';
import { isPublic } from './public.js';

/** An address, and whether it may lead to this machine and to private networks. */
export interface HttpAddress {
  /** With its query. Never shown. */
  readonly url: string;
  readonly allowLocal: boolean;
}

const MOST_REDIRECTS = 5;

const local = (host: string): HttpError =>
  new HttpError(
    'unreadable',
    `${host} is this machine, or one of a private network, from which nothing is fetched; add --allow-local if that is meant.`,
  );

/**
 * Looks a server up, and leaves only addresses of the internet. What is connected to is what was checked here: a name that is
 * looked up twice may be two machines.
 */
export const publicLookup =
  (lookup: typeof lookupOfSystem = lookupOfSystem): LookupFunction =>
  (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const [first, ...others] = found.filter(({ address }) => isPublic(address));
      if (first === undefined) return callback(local(host), '', 0);
      if (options.all) callback(null, [first, ...others]);
      else callback(null, first.address, first.family);
    });
  };

/** Node's clients. They are loaded where an address is first asked: every start would wait for them. */
const loadClients = async () => {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  const agents = (lookup: LookupFunction | undefined) => {
    const options = { keepAlive: true, ...(lookup !== undefined && { lookup }) };
    return { plain: new http.Agent(options), secure: new https.Agent(options) };
  };
  // Connections are kept for the next photo. One that was checked is never used for what was not, nor the other way round.
  return { getPlain: http.get, getSecure: https.get, any: agents(undefined), public: agents(publicLookup()) };
};
type Clients = Awaited<ReturnType<typeof loadClients>>;
let loading: Promise<Clients> | undefined;
const clients = (): Promise<Clients> => {
  loading ??= loadClients();
  return loading;
};

/** @throws HttpError where nothing is fetched from there. */
const requireAllowed = (url: URL, isAllowed: (address: string) => boolean): void => {
  if (!['http:', 'https:'].includes(url.protocol)) {
    throw new HttpError('unreadable', `It leads to an address of ${url.protocol}//, which is not followed.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new HttpError('unreadable', 'It leads to an address with a user name in it, which is not followed.');
  }
  // Addresses in numbers are not looked up.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(host)) throw local(url.host);
};

/** One request. @param most milliseconds until the head of the answer is there. */
const answerOf = async (url: URL, headers: OutgoingHttpHeaders, allowLocal: boolean, most: number) => {
  const { getPlain, getSecure, ...agents } = await clients();
  const { plain, secure } = allowLocal ? agents.any : agents.public;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const isPlain = url.protocol === 'http:';
    const request = isPlain ? getPlain(url, { agent: plain, headers }) : getSecure(url, { agent: secure, headers });
    const late = setTimeout(() => request.destroy(new Broken(`no answer in ${most / 1000} s`)), most);
    request.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    request.on('response', (answer) => {
      clearTimeout(late);
      resolve(answer);
    });
  });
};

const redirects = new Set([301, 302, 303, 307, 308]);

/** Where an answer sends to. Undefined: nowhere. @throws HttpError where that is not followed. */
const nextOf = ({ statusCode = 0, headers: { location } }: IncomingMessage, from: URL): URL | undefined => {
  if (!redirects.has(statusCode)) return undefined;
  const next = URL.canParse(location ?? '', from.href) ? new URL(location ?? '', from.href) : undefined;
  if (location === undefined || next === undefined) {
    throw new HttpError('unreadable', `The server sends elsewhere, but not where to (status ${statusCode}).`);
  }
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    throw new HttpError('unreadable', 'It leads from https to http, which is not followed.');
  }
  return next;
};

/**
 * The answer to a request, after at most `MOST_REDIRECTS` redirects, each of which is checked as the first address is. Its body is
 * still to be read, or destroyed.
 * @param most milliseconds until the head of each answer is there. @param isAllowed whether an address in numbers is asked.
 * @throws HttpError, Broken, or the system's error.
 */
export const exchange = async (
  { url, allowLocal }: HttpAddress,
  headers: OutgoingHttpHeaders,
  most: number,
  isAllowed = allowLocal ? () => true : isPublic,
): Promise<IncomingMessage> => {
  let at = new URL(url);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    requireAllowed(at, isAllowed);
    const answer = await answerOf(at, headers, allowLocal, most);
    let next: URL | undefined;
    try {
      next = nextOf(answer, at);
    } finally {
      if (redirects.has(answer.statusCode ?? 0)) answer.destroy();
    }
    if (next === undefined) return answer;
    at = next;
  }
  throw new HttpError('unreadable', `It is redirected more than ${MOST_REDIRECTS} times.`);
};
