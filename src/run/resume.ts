import { fnv1a } from '../fnv.js';
import { type FileState, UNREAD_FORMAT } from '../results/line.js';
import { keepLines, lineAt, MANIFEST, scanLine, storedLines } from '../results/manifest.js';
import type { ScannedLine } from '../results/scan.js';
import { type NameTable, nameTable } from '../stores/name-set.js';
import type { Store } from '../stores/store.js';
import { hasAll, removePictures } from './pictures.js';
import type { Discovery, Source } from './sources/source.js';

/** What earlier runs left in the manifest. */
export interface EarlierPhotos {
  /** Where the last line of each photo begins, and what is known of it. */
  readonly table: NameTable;
  /** Number of lines that could not be read. They are gone from the manifest. */
  readonly unreadable: number;
  /** Number of lines in whose place there will be others. Increased by `supersede`. */
  superseded: number;
}

// What is known of a photo's line: it failed, a picture of it is not there, its file's state is not known, it is replaced, or its
// file was passed over.
// All larger numbers are digests of the state of its file.
const [FAILED, BROKEN, UNKNOWN, SUPERSEDED, UNREAD] = [0, 1, 2, 3, 4];

/** A 32-bit digest of a file's state. */
const digestOf = ({ size, modified, etag = '' }: FileState): number =>
  Math.max(UNREAD + 1, fnv1a(`${size} ${modified} ${etag}`));

interface Survey extends EarlierPhotos {
  /** Where lines begin that cannot be read, or tell the failure of a photo that is gone. */
  readonly dropped: ReadonlySet<number>;
  /** Where lines begin of photos that have another line further down. */
  readonly replaced: readonly number[];
  /** Number of photos that were explained. */
  readonly explained: number;
  /** Whether the last line has its line feed. The next line would be joined to it. */
  readonly isEnded: boolean;
}

/** Whether a photo that failed is no longer there. */
type IsGone = (photo: string) => boolean | Promise<boolean>;

const survey = async (store: Store, signal: AbortSignal, isGone: IsGone): Promise<Survey> => {
  const table = nameTable();
  const dropped = new Set<number>();
  const replaced: number[] = [];
  let [unreadable, explained, isEnded] = [0, 0, true];
  for await (const line of storedLines(store, signal)) {
    isEnded = line.isEnded;
    const found = scanLine(line);
    if (found === undefined) unreadable++;
    if (found === undefined || (found.failure !== undefined && (await isGone(found.photo)))) {
      dropped.add(line.start);
      continue;
    }
    const { photo, failure, source } = found;
    const before = table.get(photo);
    if (before !== undefined) replaced.push(before.value);
    if (failure === undefined) explained++;
    const isWhole = failure === undefined && (await hasAll(store, found));
    const state = source === undefined ? UNKNOWN : digestOf(source);
    const failed = failure === UNREAD_FORMAT ? UNREAD : FAILED;
    table.set(photo, line.start, isWhole ? state : failure === undefined ? BROKEN : failed);
  }
  return { table, unreadable, superseded: 0, dropped, replaced, explained, isEnded };
};

/** Removes pictures that only replaced lines name, so that those lines can be dropped. @returns where the lines begin. */
const clearReplaced = async (store: Store, { table, replaced }: Survey): Promise<readonly number[]> => {
  const cleared: number[] = [];
  for (const start of replaced) {
    const old = await lineAt(store, start);
    const last = old && (await lineAt(store, table.get(old.photo)?.value ?? start));
    // Names that share a digest are of two photos.
    if (old === undefined || last?.photo !== old.photo) continue;
    const kept = new Set(last.files);
    await removePictures(store, { photo: old.photo, files: old.files.filter((file) => !kept.has(file)) });
    cleared.push(start);
  }
  return cleared;
};

/** Writes the manifest anew with one whole line a photo, and none where no photo was explained. */
const mend = async (store: Store, found: Survey): Promise<void> => {
  const dropped = new Set([...found.dropped, ...(await clearReplaced(store, found))]);
  await keepLines(store, ({ start }) => found.explained > 0 && !dropped.has(start));
};

/**
 * Reads what earlier runs left in the manifest, and mends it. A run that was killed may leave several lines of a photo, of which
 * the last counts and stays. Lines that cannot be read go, and those of failed photos that are gone. Where no photo was
 * explained, all lines go. Where the signal is aborted, returns some of the photos and leaves the manifest as it is.
 */
export const finishedPhotos = async (
  store: Store,
  signal: AbortSignal,
  isGone: IsGone = () => false,
): Promise<EarlierPhotos> => {
  const found = await survey(store, signal, isGone);
  const { table, dropped, replaced, explained, isEnded, unreadable } = found;
  const isSound = dropped.size + replaced.length === 0 && isEnded && (explained > 0 || table.size() === 0);
  if (signal.aborted || isSound) return found;
  await mend(store, found);
  return { ...(await survey(store, signal, isGone)), unreadable };
};

/** What a photo that is listed is to a run. `changed`: its file is another. `again`: it failed, or a picture is missing. `unread`: passed
 * over, as before. */
type Standing = 'new' | 'done' | 'changed' | 'again' | 'unread';

/** Whether the present state of a photo's file decides what it is to a run, and was not told with its name. */
export const isAskedFor = ({ table }: EarlierPhotos, { photo, problem, state }: Discovery): boolean =>
  problem === undefined && state === undefined && (table.get(photo)?.tag ?? 0) > UNREAD;

/** @param stateOf asks the photo's source. It is called only where the answer decides, and was not told with the photo's name. */
export const standingOf = async (
  { table }: EarlierPhotos,
  found: Discovery,
  stateOf: (found: Discovery) => ReturnType<Source['stateOf']>,
): Promise<Standing> => {
  const { photo, problem, state } = found;
  const known = table.get(photo);
  if (known === undefined) return 'new';
  if (known.tag === FAILED) return 'again';
  if (known.tag === UNREAD) return problem?.code === UNREAD_FORMAT ? 'unread' : 'again';
  // The photo is gone, and its results stay.
  if (problem !== undefined) return 'done';
  if (known.tag === BROKEN) return 'again';
  if (known.tag === UNKNOWN) return 'done';
  const now = state ?? (await stateOf(found));
  return now === undefined || digestOf(now) === known.tag ? 'done' : 'changed';
};

/**
 * Removes a photo's pictures, and marks its line as replaced. Its new pictures may have other names, or other content.
 * @returns the line. Undefined: the photo failed.
 */
export const supersede = async (
  store: Store,
  earlier: EarlierPhotos,
  photo: string,
): Promise<ScannedLine | undefined> => {
  const { table } = earlier;
  const { value, tag } = table.get(photo) ?? { value: 0, tag: FAILED };
  const line = tag === FAILED || tag === UNREAD ? undefined : await lineAt(store, value);
  if (tag !== FAILED && tag !== UNREAD) {
    // Another photo's name may share the digest.
    if (line?.photo !== photo) return undefined;
    await removePictures(store, line);
  }
  table.set(photo, value, SUPERSEDED);
  earlier.superseded++;
  return line;
};

/** Writes the manifest anew without the lines that `supersede` marked. */
export const dropSuperseded = async (store: Store, { table, superseded }: EarlierPhotos): Promise<void> => {
  if (superseded === 0 || !(await store.has(MANIFEST))) return;
  await keepLines(store, (line) => {
    const photo = scanLine(line)?.photo;
    const known = photo === undefined ? undefined : table.get(photo);
    return known?.tag !== SUPERSEDED || known.value !== line.start;
  });
};

/** Whether an earlier run explained any photo into this store. */
export const hasFinished = async (store: Store): Promise<boolean> => {
  for await (const line of storedLines(store)) {
    const found = scanLine(line);
    if (found !== undefined && found.failure === undefined) return true;
  }
  return false;
};
