import { quoted, UsageError } from '../errors.js';
import { pathOfPhoto } from '../results/photo-name.js';
import { nameSet, nameTable } from '../stores/name-set.js';
import type { ClassNames } from './class-names.js';
import type { KnownEntry } from './entry.js';
import type { TruthSource } from './format.js';
import { placed } from './place.js';
import type { Truth } from './truth.js';

/** Of a photo: its entry's key, and whether no other photo has it. */
interface Met {
  readonly key: ReturnType<TruthSource['keyOf']>;
  readonly isOwner: boolean;
}

/** How photos and entries met so far. */
interface TruthCounts {
  /** Photos with an entry. */
  readonly found: number;
  /** Those of them whose entry was read. */
  readonly read: number;
  /** Photos without, the first of them by name. */
  readonly missing: number;
  readonly firstMissing: string | undefined;
  /** Number of all entries. Undefined: nobody counted them. */
  readonly entries: number | undefined;
}

/** A truth that was opened. */
export interface OpenedTruth extends Truth {
  /** What it is called in a message. */
  readonly place: string;
  /** What a person can do where it has no entry for any photo. Undefined: as for any data set. */
  readonly wayOut: string | undefined;
  /**
   * What the truth says of a photo, before the photo was looked at: plain data, which `placed` of place.ts lays over it.
   * @param photo its name in the results.
   * @throws UsageError `ambiguous-photo`, `bad-truth`.
   */
  readonly entryOf: (photo: string) => Promise<KnownEntry | undefined>;
  /**
   * Notes that a photo is among those that the truth is held against, without a look at its entry. A photo of which this is not
   * asked, since another process or an earlier run looks it up, would be missing in `counts`, and its entry might be taken for another.
   */
  readonly meet: (photo: string) => void;
  readonly counts: () => TruthCounts;
  /** Whether any photo so far may be several entries. */
  readonly metSeveral: () => boolean;
  /** Why a class's name has no class in the network: completes a sentence that begins with the name. */
  readonly reasonOf: ClassNames['reasonOf'];
  /** Names of classes that the person mapped, and that no object had so far. */
  readonly unusedNames: ClassNames['unused'];
  /** How it calls one of its photos. Undefined: it cannot tell. */
  readonly example: () => string | undefined;
  /** Tells it from another truth, for run.json. */
  readonly identity: { readonly truth: string; readonly mapClasses?: string | undefined };
  /** Sentences about what it holds and is passed over. */
  readonly notes: readonly string[];
}

/** 32 bits of a name, to tell it from another with little memory. */
const tagOf = (name: string): number => {
  let tag = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) tag = Math.imul(tag ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return tag;
};

const twoPhotos = (photo: string, where: string): UsageError => {
  const message = `${quoted(photo)} and another photo of the same name would both be the entry ${where}; run gapcam on the folder from which its names start.`;
  return new UsageError('ambiguous-photo', message);
};

/** @param place as the person named it. @param mapClasses tells the file that maps classes from another. */
export const opened = (
  place: string,
  source: TruthSource,
  names: ClassNames,
  mapClasses: string | undefined,
): OpenedTruth => {
  // Which photo each entry was taken for, with 1 where its classes were counted; and the photos without an entry.
  const [owners, missing] = [nameTable(), nameSet()];
  const unknown = new Map<string, number>();
  let firstMissing: string | undefined;
  let read = 0;
  let several = false;
  const meet = (photo: string): Met => {
    const key = source.keyOf(pathOfPhoto(photo));
    if (key === null) several = true;
    if (key === undefined && missing.add(photo)) firstMissing ??= photo;
    if (key === undefined || key === null) return { key, isOwner: true };
    const [owner, tag] = [owners.get(String(key)), tagOf(photo)];
    if (owner === undefined) owners.set(String(key), 0, tag);
    return { key, isOwner: owner === undefined || owner.tag === tag };
  };
  /** Counts the classes that the network lacks, once for each photo. */
  const count = (key: string, photo: string, { objects }: KnownEntry) => {
    if (owners.get(key)?.value === 1) return;
    owners.set(key, 1, tagOf(photo));
    read++;
    for (const { class: index, name } of objects) {
      if (index === undefined) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    }
  };
  const entryOf = async (photo: string): Promise<KnownEntry | undefined> => {
    const { key, isOwner } = meet(photo);
    const entry = key === undefined ? undefined : await source.entryOf(pathOfPhoto(photo));
    if (entry === undefined) return undefined;
    if (!isOwner) throw twoPhotos(photo, entry.where);
    const objects = entry.objects.map((object) => ({ ...object, class: names.classOf(object.name, object.class) }));
    const known = { ...entry, objects };
    count(String(key), photo, known);
    return known;
  };
  const { example, notes } = source;
  const identity = { truth: source.identity, ...(mapClasses !== undefined && { mapClasses }) };
  return {
    place: source.title ?? place,
    wayOut: source.wayOut,
    entryOf,
    meet: (photo) => void meet(photo),
    of: async (photo) => {
      const entry = await entryOf(photo.photo);
      return entry === undefined ? undefined : placed(entry, photo);
    },
    unknownClasses: () => unknown,
    counts: () => ({ found: owners.size(), read, missing: missing.size(), firstMissing, entries: source.count }),
    metSeveral: () => several,
    reasonOf: names.reasonOf,
    unusedNames: names.unused,
    example,
    identity,
    notes,
  };
};
