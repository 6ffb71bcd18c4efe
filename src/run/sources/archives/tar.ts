import { PhotoError, reasonOf, UsageError } from '../../../errors.js';
import type { FileState } from '../../../results/line.js';
import { problemOfName } from '../photo-endings.js';
import { asPhotoError, MAX_BYTES, tooLarge } from '../read-photo.js';
import type { Problem } from '../source.js';
import { storageOf } from '../storage/index.js';
import { Changed, isSameState, type OpenFile } from '../storage/storage.js';
import { type Archive, type Entry, NO_SUCH_PHOTO } from './archive.js';
import { BLOCK, parseHeader } from './tar-header.js';
import type { Damage, Member } from './tar-members.js';
import { membersAtOnce, membersFetched } from './tar-reading.js';

/** Where a photo's header and bytes lie in a tar. */
interface TarPlace {
  readonly at: number;
  readonly size: number;
  readonly sum: number;
  /** Address of the tar. */
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

/** What a member, or damage, is to the run. Undefined: nothing. */
const foundAs = (file: string, member: Member | Damage): Entry | undefined => {
  if (!('damage' in member)) return entryOf(file, member);
  const rest = member.none ? '' : '; photos before that are explained, so get or pack the file anew';
  const message = `The archive ${member.damage}${rest}.`;
  return { path: '', place: nowhere(file), problem: { code: 'unreadable', message } };
};

const unreadable = (file: string, error: unknown): Entry => {
  const message = `The archive cannot be read (${reasonOf(error)}).`;
  return { path: '', place: nowhere(file), problem: { code: 'unreadable', message } };
};

const empty = (file: string): Entry => ({
  path: '',
  place: nowhere(file),
  problem: { code: 'no-photos', message: 'The archive holds no photos.' },
});

function* listAtOnce(file: string, open: () => OpenFile): Generator<Entry> {
  let found = false;
  try {
    for (const member of membersAtOnce(open())) {
      const entry = foundAs(file, member);
      if (entry === undefined) continue;
      found = true;
      yield entry;
    }
  } catch (error) {
    found = true;
    yield unreadable(file, error);
  }
  if (!found) yield empty(file);
}

async function* listFetched(file: string): AsyncGenerator<Entry> {
  const { part } = storageOf(file);
  let found = false;
  try {
    const { state } = await part(file, 0, 1);
    const unchanged = async (start: number, length: number) => {
      const fetched = await part(file, start, length);
      if (!isSameState(fetched.state, state)) throw new Changed();
      return fetched;
    };
    for await (const member of membersFetched(unchanged, state.size)) {
      const entry = foundAs(file, member);
      if (entry === undefined) continue;
      found = true;
      yield { ...entry, state, bytes: placeFrom(entry.place).size };
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    found = true;
    yield unreadable(file, error);
  }
  if (!found) yield empty(file);
}

const list = (file: string): Iterable<Entry> | AsyncIterable<Entry> => {
  const { open } = storageOf(file);
  return open === undefined ? listFetched(file) : listAtOnce(file, () => open(file));
};

type Places = ReadonlyMap<string, string>;

// The places of the archive that was asked about last: a run that goes on asks about photos in the order of its manifest.
let known: { readonly key: string; readonly places: Places } | undefined;

/** Of two photos of one name, a run takes the first. */
const addTo = (places: Map<string, string>, { path, place }: Entry): void => {
  if (!places.has(path)) places.set(path, place);
};

const placesAtOnce = (file: string, open: () => OpenFile): Places => {
  const state = storageOf(file).stateOf(file) as FileState | undefined;
  const key = `${state?.size} ${state?.modified} ${file}`;
  if (known?.key !== key) {
    const places = new Map<string, string>();
    for (const entry of listAtOnce(file, open)) addTo(places, entry);
    known = { key, places };
  }
  return known.places;
};

// The same of what is far away. It is not asked whether it has changed: the photo's header tells, where it is read.
let fetched: { readonly file: string; readonly places: Promise<Places> } | undefined;

const placesFetched = (file: string): Promise<Places> => {
  const fetchAll = async (): Promise<Places> => {
    const places = new Map<string, string>();
    for await (const entry of listFetched(file)) addTo(places, entry);
    return places;
  };
  if (fetched?.file !== file) fetched = { file, places: fetchAll() };
  return fetched.places;
};

const placeOf: Archive['placeOf'] = (file, path) => {
  // The archive's own.
  if (path === '') return nowhere(file);
  const { open } = storageOf(file);
  if (open !== undefined) return placesAtOnce(file, () => open(file)).get(path) ?? nowhere(file);
  return placesFetched(file).then((places) => places.get(path) ?? nowhere(file));
};

const read: Archive['read'] = async (text) => {
  const { at, size, sum, file } = placeFrom(text);
  if (size > MAX_BYTES) throw tooLarge();
  const gone = () =>
    new PhotoError('missing', `The archive no longer has the photo at byte ${at}; give the command again.`);
  if (at < 0) throw new PhotoError('missing', NO_SUCH_PHOTO);
  const { bytes, state } = await storageOf(file)
    .part(file, at, BLOCK + size)
    .catch((error: unknown) => {
      throw error instanceof UsageError ? error : asPhotoError(error);
    });
  const header = parseHeader(bytes.subarray(0, BLOCK));
  if (header?.sum !== sum || bytes.length < BLOCK + size) throw gone();
  return { bytes: bytes.subarray(BLOCK), state };
};

/** Tars that are not compressed. While they are listed, only headers are read; photos are read where they lie. */
export const tar: Archive = {
  list,
  fileOf: (text) => placeFrom(text).file,
  placeOf,
  read,
  stateOf: (text) => {
    const { at, file } = placeFrom(text);
    return at < 0 ? undefined : storageOf(file).stateOf(file);
  },
};
