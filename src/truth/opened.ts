import { quoted, UsageError } from '../errors.js';
import { pathOfPhoto } from '../results/photo-name.js';
import { nameSet } from '../stores/name-set.js';
import type { ClassNames } from './class-names.js';
import type { KnownEntry } from './entry.js';
import type { EntryMatch, TruthSource } from './format.js';
import { entryOwners } from './owners.js';
import { placed } from './place.js';
import type { Truth } from './truth.js';

/** Photos whose folders are others than those of the entry that was taken for them. */
interface OtherFolders {
  readonly count: number;
  /** The first of them by name, and what its entry calls it. */
  readonly photo: string;
  readonly entry: string | undefined;
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
  /** Number of objects so far whose class the network has. */
  readonly knownObjects: () => number;
  /** Undefined: there are none so far. */
  readonly otherFolders: () => OtherFolders | undefined;
  /** Whether any photo so far may be several entries. */
  readonly metSeveral: () => boolean;
  /** Why a class's name has no class in the network: completes a sentence that begins with the name. */
  readonly reasonOf: ClassNames['reasonOf'];
  /** Whether nobody named the network's classes. */
  readonly areClassesNameless: boolean;
  /** The name that it gives to objects whose class it does not know. Undefined: it has none. */
  readonly nameless: string | undefined;
  /** Names of classes that the person mapped, and that no object had so far. */
  readonly unusedNames: ClassNames['unused'];
  /** How it calls one of its photos. Undefined: it cannot tell. */
  readonly example: () => string | undefined;
  /** Tells it from another truth, for run.json. */
  readonly identity: { readonly truth: string; readonly mapClasses?: string | undefined };
  /** Sentences about what it holds that nobody can hold against photos, or that looks wrong, so far. */
  readonly notes: () => readonly string[];
  /** What the numbers of a box are, which its writer may have taken for others. Undefined: it has no boxes. */
  readonly boxNumbers: string | undefined;
}

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
  // Photos without an entry, and those whose entry lies in other folders.
  const [owners, missing, elsewhere] = [entryOwners(), nameSet(), nameSet()];
  const unknown = new Map<string, number>();
  const first: { missing?: string; elsewhere?: Omit<OtherFolders, 'count'> } = {};
  let [several, knownObjects] = [false, 0];
  const meet = (photo: string): EntryMatch | null | undefined => {
    const match = source.matchOf(pathOfPhoto(photo));
    if (match === null) several = true;
    if (match === undefined && missing.add(photo)) first.missing ??= photo;
    if (match) owners.claim(photo, match);
    return match;
  };
  const entryOf = async (photo: string): Promise<KnownEntry | undefined> => {
    const match = meet(photo);
    const entry = match === undefined ? undefined : await source.entryOf(pathOfPhoto(photo));
    if (entry === undefined) return undefined;
    if (match && !owners.isOwner(photo, match)) throw twoPhotos(photo, entry.where);
    const { name: theirs, ...own } = entry;
    const objects = own.objects.map((object) => ({ ...object, class: names.classOf(object.name, object.class) }));
    if (match && owners.isGivenFirst(match)) {
      const lacking = objects.filter(({ class: index }) => index === undefined);
      knownObjects += objects.length - lacking.length;
      for (const { name } of lacking) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    }
    if (match?.likeness !== 'name') return { ...own, objects };
    if (elsewhere.add(photo)) first.elsewhere ??= { photo, entry: theirs };
    return { ...own, name: theirs, objects };
  };
  const { example, notes, boxNumbers } = source;
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
    counts: () => ({
      found: owners.found(),
      read: owners.given(),
      missing: missing.size(),
      firstMissing: first.missing,
      entries: source.count,
    }),
    knownObjects: () => knownObjects,
    otherFolders: () => first.elsewhere && { count: elsewhere.size(), ...first.elsewhere },
    metSeveral: () => several,
    reasonOf: names.reasonOf,
    areClassesNameless: names.areNameless,
    nameless: source.nameless,
    unusedNames: names.unused,
    example,
    identity,
    notes,
    boxNumbers,
  };
};
