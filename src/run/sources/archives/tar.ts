import { closeSync } from 'node:fs';
import { PhotoError, reasonOf } from '../../../errors.js';
import { openRegularSync, readRegularPart } from '../../../regular-file.js';
import { whenFilesAreFree } from '../../../stores/crowded.js';
import { pathOf } from '../../../stores/paths.js';
import { stateOfFile, stateOfStats } from '../file-state.js';
import { problemOfName } from '../photo-endings.js';
import { asPhotoError, MAX_BYTES, tooLarge } from '../read-photo.js';
import type { Problem } from '../source.js';
import { type Archive, type Entry, NO_SUCH_PHOTO } from './archive.js';
import { BLOCK, parseHeader } from './tar-header.js';
import { type Member, membersOf } from './tar-members.js';

/** Where a photo's header and bytes lie in a tar. */
interface TarPlace {
  readonly at: number;
  readonly size: number;
  readonly sum: number;
  /** Absolute path of the tar. */
  readonly file: string;
}

const textOfPlace = ({ at, size, sum, file }: TarPlace): string => `${at} ${size} ${sum} ${file}`;

const placeFrom = (text: string): TarPlace => {
  const [, at, size, sum, file] = /^(-?\d+) (\d+) (\d+) (.*)$/s.exec(text) ?? [];
  return { at: Number(at), size: Number(size), sum: Number(sum), file };
};

const nowhere = (file: string): string => textOfPlace({ at: -1, size: 0, sum: 0, file });

/** Steps out of a folder, as text that steps nowhere. */
const notOut = (part: string): string => (part === '..' ? '%2E%2E' : part);

const problemOf = ({ type }: Member, leadsOut: boolean): Problem | undefined => {
  if (leadsOut)
    return { code: 'unreadable', message: 'Its name in the archive leads out of the archive; pack it anew.' };
  if (type === 'link') {
    const message = 'This is a link in the archive, and no photo; pack it with tar --dereference --hard-dereference.';
    return { code: 'not-a-file', message };
  }
  if (type === 'sparse') {
    return {
      code: 'unreadable',
      message: 'It is packed as a sparse file, which is not read; pack it without --sparse.',
    };
  }
  return undefined;
};

/** The entry of a member. Undefined: it is no picture, or hidden. */
const entryOf = (file: string, member: Member): Entry | undefined => {
  const parts = member.name.split('/').filter((part) => part !== '' && part !== '.');
  const leadsOut = parts.includes('..');
  const base = parts.at(-1);
  if (base === undefined || member.type === 'other') return undefined;
  if (parts.some((part) => part.startsWith('.') && part !== '..')) return undefined;
  const named = problemOfName(base);
  if (named === 'other') return undefined;
  const path = parts.map(notOut).join('/');
  const problem = problemOf(member, leadsOut) ?? named;
  return { path, place: problem === undefined ? textOfPlace({ ...member, file }) : nowhere(file), problem };
};

function* entriesOf(file: string): Generator<Entry> {
  const descriptor = openRegularSync(pathOf(file));
  try {
    for (const member of membersOf(descriptor)) {
      if ('damage' in member) {
        const rest = member.none ? '' : '; photos before that are explained, so get or pack the file anew';
        const message = `The archive ${member.damage}${rest}.`;
        yield { path: '', place: nowhere(file), problem: { code: 'unreadable', message } };
        continue;
      }
      const entry = entryOf(file, member);
      if (entry !== undefined) yield entry;
    }
  } finally {
    closeSync(descriptor);
  }
}

function* list(file: string): Generator<Entry> {
  const itself = { path: '', place: nowhere(file) };
  let found = false;
  try {
    for (const entry of entriesOf(file)) {
      found = true;
      yield entry;
    }
  } catch (error) {
    found = true;
    const message = `The archive cannot be read (${reasonOf(error)}).`;
    yield { ...itself, problem: { code: 'unreadable', message } };
  }
  if (!found) yield { ...itself, problem: { code: 'no-photos', message: 'The archive holds no photos.' } };
}

// The places of the archive that was asked about last: a run that goes on asks about photos in the order of its manifest.
let known: { readonly key: string; readonly places: ReadonlyMap<string, string> } | undefined;

const placesOf = (file: string): ReadonlyMap<string, string> => {
  const state = stateOfFile(file);
  const key = `${state?.size} ${state?.modified} ${file}`;
  if (known?.key !== key) {
    const places = new Map<string, string>();
    // Of two photos of one name, a run takes the first.
    for (const { path, place } of list(file)) if (!places.has(path)) places.set(path, place);
    known = { key, places };
  }
  return known.places;
};

const read: Archive['read'] = async (text) => {
  const { at, size, sum, file } = placeFrom(text);
  if (size > MAX_BYTES) throw tooLarge();
  const gone = () =>
    new PhotoError('missing', `The archive no longer has the photo at byte ${at}; give the command again.`);
  if (at < 0) throw new PhotoError('missing', NO_SUCH_PHOTO);
  const { bytes, stats } = await whenFilesAreFree(() => readRegularPart(pathOf(file), at, BLOCK + size)).catch(
    (error: unknown) => {
      throw asPhotoError(error);
    },
  );
  const header = parseHeader(bytes.subarray(0, BLOCK));
  if (header?.sum !== sum || bytes.length < BLOCK + size) throw gone();
  return { bytes: bytes.subarray(BLOCK), state: stateOfStats(stats) };
};

/** Tars that are not compressed. While they are listed, only headers are read; photos are read where they lie. */
export const tar: Archive = {
  list,
  placeOf: (file, path) => placesOf(file).get(path) ?? nowhere(file),
  read,
  stateOf: (text) => {
    const { at, file } = placeFrom(text);
    return at < 0 ? undefined : stateOfFile(file);
  },
};
