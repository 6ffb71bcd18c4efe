import { PhotoError } from '../../../errors.js';
import { HttpError } from '../../../http/errors.js';
import type { HttpAddress } from '../../../http/exchange.js';
import { fetchFile, type HttpFile, type HttpRange, httpLimits } from '../../../http/fetch.js';
import { nameOfUrl, shownUrl } from '../../../http/name.js';
import type { FileState } from '../../../results/line.js';
import { archiveAt, archivesOn, nameBeside } from '../archives/endings.js';
import { MAX_BYTES } from '../read-photo.js';
import type { Found, Input, Storage } from './storage.js';

// Before addresses that may lead to this machine and to private networks.
const ANYWHERE = 'local+';

const parsed = (address: string): HttpAddress => {
  const allowLocal = address.startsWith(ANYWHERE);
  return { url: allowLocal ? address.slice(ANYWHERE.length) : address, allowLocal };
};

const written = (url: URL, allowLocal: boolean): string => `${allowLocal ? ANYWHERE : ''}${url.href}`;

/** Whether an address is one of a web server. */
export const isHttp = (address: string): boolean => /^(local\+)?https?:\/\//.test(address);

const lone = /\p{Surrogate}/u;

/** What a word names, without its secrets; or what is wrong with it. @param word http://... or https://..., in any case. */
export const httpFile = (word: string, allowLocal: boolean): Found => {
  // Node would replace what is no text by a sign for that, which is another address.
  const url = URL.canParse(word) && !lone.test(word) ? new URL(word) : undefined;
  if (url === undefined) {
    const shown = `${word.split(/[/?#]/, 1)[0].toLowerCase()}//...`;
    const message = 'This is no address; write it as https://host/photo.jpg.';
    return { address: shown, photo: shown, displayPath: shown, problem: { code: 'missing', message } };
  }
  const shown = shownUrl(url);
  if (url.username !== '' || url.password !== '') {
    const message = 'Addresses with a user name or password are not fetched; sign the address instead.';
    // No address that is fetched has this name.
    const photo = shown.replace('//', '//@');
    return { address: photo, photo, displayPath: shown, problem: { code: 'unreadable', message } };
  }
  url.hash = '';
  return { address: written(url, allowLocal), displayPath: shown, ...archiveAt(url.pathname) };
};

/** A file of a web server. */
export const httpInput = (word: string, allowLocal: boolean): Input => {
  const found = httpFile(word, allowLocal);
  return {
    folder: () => undefined,
    isOne: () => found.archive === undefined,
    isCheap: found.archive === undefined,
    find: () => [found],
  };
};

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

const stateFrom = ({ etag, modified }: HttpFile, size: number): FileState => ({
  size,
  modified: modified ?? 0,
  ...(etag !== undefined && { etag }),
});

const asPhotoError = (error: unknown): unknown =>
  error instanceof HttpError ? new PhotoError(error.code, error.message) : error;

const fetched = (address: string, range?: HttpRange): Promise<HttpFile> =>
  fetchFile(parsed(address), MAX_BYTES, range).catch((error: unknown) => {
    throw asPhotoError(error);
  });

// Of what is finished, nothing hangs on the answer.
const once = { ...httpLimits, tries: 2 };

/** Web servers. An address is an URL, with what of its query may be secret. */
export const http: Storage = {
  isFar: true,
  nameOf: (_, address) => nameBeside(nameOfUrl(new URL(parsed(address).url))),
  archivesIn: (address) => {
    const { url, allowLocal } = parsed(address);
    const { pathname } = new URL(url);
    return archivesOn(pathname).map(({ kind, file, inside }) => {
      const archive = new URL(url);
      archive.pathname = file;
      return { kind, file: written(archive, allowLocal), inside: decoded(inside) };
    });
  },
  read: async (address) => {
    const file = await fetched(address);
    return { bytes: file.bytes, state: stateFrom(file, file.bytes.length) };
  },
  stateOf: async (address) => {
    try {
      // Not by HEAD, which servers do not know, and signatures do not hold for.
      const file = await fetchFile(parsed(address), MAX_BYTES, { start: 0, length: 0 }, once);
      return file.size === undefined ? undefined : stateFrom(file, file.size);
    } catch {
      return undefined;
    }
  },
  part: async (address, start, length) => {
    const file = await fetched(address, { start, length });
    if (file.size !== undefined) return { bytes: file.bytes, state: stateFrom(file, file.size) };
    throw new PhotoError('unreadable', 'The server does not say how large the file is, which an archive is read by.');
  },
};
