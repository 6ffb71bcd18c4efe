import { resolve } from 'node:path';
import { statOf } from '../arguments.js';
import { http, httpFile, httpInput, isHttp } from './http.js';
import { local, localInput } from './local.js';
import { isS3, s3 } from './s3.js';
import { s3File, s3Input } from './s3-find.js';
import type { Found, Input, Storage } from './storage.js';

/** Kinds of places by name. */
export const storages: Readonly<Record<string, Storage>> = { local, s3, http };

/** Where the file of an address lies. */
export const storageOf = (address: string): Storage => {
  if (isS3(address)) return storages.s3;
  return isHttp(address) ? storages.http : storages.local;
};

/** The scheme of an address, in small letters. Undefined: a path. */
const schemeOf = (word: string): string | undefined => /^([a-z][a-z0-9+.-]*):\/\//i.exec(word)?.[1].toLowerCase();

/** A word that begins like an address of a kind that is not read. What follows may be secret. */
const unknown = (scheme: string): Found => {
  const photo = `${scheme}://...`;
  const message = `Photos are read from paths and from addresses of s3://, http:// and https://, not of ${scheme}://.`;
  return { address: photo, photo, displayPath: photo, problem: { code: 'unreadable', message } };
};

/** Whether a word is a path. It may have a folder "x:", and any number of slashes. */
const isPath = (word: string, scheme: string | undefined): boolean =>
  scheme === undefined || statOf(resolve(word)) !== undefined;

/** What a word of the command names. @param allowLocal whether addresses may lead to this machine and to private networks. */
export const inputOf = (word: string, allowLocal: boolean): Input => {
  const scheme = schemeOf(word);
  if (scheme === 'http' || scheme === 'https') return httpInput(word, allowLocal);
  if (scheme === 's3') return s3Input(word);
  if (scheme === undefined || isPath(word, scheme)) return localInput(word);
  const found = unknown(scheme);
  return { folder: () => undefined, isOne: () => true, isCheap: true, find: () => [found] };
};

/** The photo that a word names where it is one photo, never a folder or a pattern. There need be none. */
export const fileOf = (word: string, allowLocal: boolean): Found => {
  const scheme = schemeOf(word);
  if (scheme === 'http' || scheme === 'https') return { ...httpFile(word, allowLocal), archive: undefined };
  if (scheme === 's3') return s3File(word);
  if (scheme === undefined || isPath(word, scheme)) return { address: resolve(word), displayPath: word };
  return unknown(scheme);
};
