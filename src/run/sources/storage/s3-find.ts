import { UsageError } from '../../../errors.js';
import { UNREAD_FORMAT } from '../../../results/line.js';
import { sharedS3 } from '../../../s3/client.js';
import type { S3Entry } from '../../../s3/list.js';
import { parseS3, type S3Place, s3Word } from '../../../s3/place.js';
import { archiveAt, asksForEnding } from '../archives/endings.js';
import { patterns } from '../patterns.js';
import { isPhotoName, problemOfName } from '../photo-endings.js';
import type { Problem } from '../source.js';
import { s3, stateOfObject } from './s3.js';
import { outputIn, searchesOutputOf } from './s3-output.js';
import type { Found, Input, Search } from './storage.js';

const isPattern = (key: string): boolean => patterns().scan(key).isGlob;

/** What a key begins with that matches a pattern: all before the first character that may stand for others. */
const beginningOf = (pattern: string): string => {
  const [beginning] = /^[^*?[\]{}()\\]*/.exec(pattern) ?? [''];
  return beginning.replace(/[!+@]$/, '');
};

/** What is asked of a listing. */
interface Asked {
  readonly given: string;
  readonly at: S3Place;
  /** What keys begin with. */
  readonly prefix: string;
  readonly matches: ((key: string) => boolean) | undefined;
}

/** Whether a key is that of a hidden file, or below a hidden folder, as those of disks are. */
const isHidden = (path: string): boolean => path.split('/').some((part) => /^\.(?!\.?$)/.test(part));

/** What an object is to the run. Undefined: nothing. 'archive': it is one that nobody asked for. */
const foundAs = (asked: Asked, entry: S3Entry): Found | 'archive' | undefined => {
  const { at, prefix, matches } = asked;
  const { key } = entry;
  // A console makes an object for each folder.
  if (key.endsWith('/')) return undefined;
  const address = s3Word({ bucket: at.bucket, key });
  const found = { address, displayPath: address, state: stateOfObject(entry), bytes: entry.size };
  const problem = problemOfName(key);
  if (problem === 'other') {
    const archive = archiveAt(key);
    if (archive === undefined) return undefined;
    if (asksForEnding(matches, key)) return { ...found, ...archive };
    return archive.archive === undefined ? undefined : 'archive';
  }
  if (matches === undefined ? isHidden(key.slice(prefix.length)) : !matches(key)) return undefined;
  return problem === undefined ? found : { ...found, problem };
};

const noPhotos = ({ given, matches }: Asked, objects: number, archives: number): Problem => {
  if (objects === 0) {
    const message = matches ? `Nothing matches ${given}.` : `There is nothing below ${given}.`;
    return { code: 'missing', message };
  }
  const none = matches ? `No photo matches ${given}` : `There are no photos below ${given}`;
  if (archives === 0) return { code: 'no-photos', message: `${none}.` };
  const found = archives === 1 ? 'an archive, which is' : `${archives} archives, which are`;
  const pattern = matches ? '' : given;
  return {
    code: 'no-photos',
    message: `${none}, but ${found} read where named: give a pattern such as '${pattern}*.tar' or '*.parquet'.`,
  };
};

const isPhoto = ({ problem }: Found): boolean => problem?.code !== UNREAD_FORMAT;

/** The photos of a listing, and a problem where there are none. */
async function* listed(asked: Asked, { output }: Search): AsyncGenerator<Found> {
  const { given, at, prefix } = asked;
  const itself = { address: s3Word(at), displayPath: given };
  const own = outputIn(at.bucket, output);
  let [objects, archives, photos] = [0, 0, 0];
  for await (const entry of (await sharedS3(at.bucket)).list(prefix)) {
    objects++;
    if (own.has(entry.key)) continue;
    const found = foundAs(asked, entry);
    if (found === 'archive') archives++;
    else if (found !== undefined) {
      if (isPhoto(found)) photos++;
      yield found;
    }
  }
  if (photos === 0) yield { ...itself, problem: noPhotos(asked, objects, archives) };
}

/** An object that is named by its key. */
const single = ({ bucket, key }: S3Place, { output }: Search): Found => {
  const address = s3Word({ bucket, key });
  const own = outputIn(bucket, output);
  return { address, displayPath: address, ...(own.has(key) && { inOutput: own.nameOf(key) }), ...archiveAt(key) };
};

async function* find(given: string, at: S3Place, search: Search): AsyncGenerator<Found> {
  const { key } = at;
  const searched = searchesOutputOf(given, search.output);
  if (searched !== undefined) {
    yield { address: given, displayPath: given, problem: { code: 'in-output', message: searched } };
    return;
  }
  const below = (prefix: string) => listed({ given, at, prefix, matches: undefined }, search);
  if (key === '' || key.endsWith('/')) {
    yield* below(key);
    return;
  }
  const isNamed = !isPattern(key) && (isPhotoName(key) || archiveAt(key) !== undefined);
  const state = isNamed ? undefined : await s3.stateOf(s3Word(at));
  // What is there is no pattern, whatever letters it has.
  if (isNamed || state !== undefined) yield { ...single(at, search), state };
  else if (isPattern(key)) yield* listed({ given, at, prefix: beginningOf(key), matches: patterns()(key) }, search);
  else yield* below(`${key}/`);
}

// A name that is not UTF-8, which no key is.
const lone = /\p{Surrogate}/u;

/** The place that a word names, or what is wrong with it. */
const parsed = (word: string): S3Place | Found => {
  const wrong = (message: string): Found => ({
    address: word,
    photo: 's3://...',
    displayPath: 's3://...',
    problem: { code: 'missing', message },
  });
  if (lone.test(word)) return wrong('This is no key of an object, since it is not UTF-8.');
  try {
    return parseS3(word);
  } catch (error) {
    if (error instanceof UsageError) return wrong(error.message);
    throw error;
  }
};

/** The object that a word names, never what lies below it. */
export const s3File = (word: string): Found => {
  const at = parsed(word);
  if ('address' in at) return at;
  if (at.key !== '' && !at.key.endsWith('/')) return { address: word, displayPath: word };
  const message = 'This is no object, but what others lie below.';
  return { address: word, displayPath: word, problem: { code: 'not-a-file', message } };
};

/** Objects of a bucket: all below a beginning of keys that ends in a slash, one, or those that a pattern matches. */
export const s3Input = (word: string): Input => {
  const at = parsed(word);
  const folder = () => undefined;
  if ('address' in at) return { folder, isOne: () => true, isCheap: true, find: () => [at] };
  return {
    folder,
    isOne: () => isPhotoName(at.key) && !isPattern(at.key),
    isCheap: archiveAt(at.key)?.archive === undefined,
    find: (search) => find(word, at, search),
  };
};
