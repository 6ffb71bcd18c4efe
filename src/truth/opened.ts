import { quoted, UsageError } from '../errors.js';
import { placeOfName } from '../results/photo-name.js';
import { nameSet, nameTable } from '../stores/name-set.js';
import type { ClassNames } from './class-names.js';
import type { KnownEntry } from './entry.js';
import type { TruthSource } from './format.js';
import { placed } from './place.js';
import type { Truth } from './truth.js';

/** How photos and entries met so far. */
interface TruthCounts {
  /** Photos with an entry. */
  readonly found: number;
  /** Photos without, the first of them by name. */
  readonly missing: number;
  readonly firstMissing: string | undefined;
  /** Number of all entries. Undefined: nobody counted them. */
  readonly entries: number | undefined;
}

/** A truth that was opened. */
export interface OpenedTruth extends Truth {
  /** As the person named it, for a message. */
  readonly place: string;
  /**
   * What the truth says of a photo, before the photo was looked at: plain data, which `placed` of place.ts lays over it.
   * @param photo its name in the results.
   * @throws UsageError `ambiguous-photo`, `bad-truth`.
   */
  readonly entryOf: (photo: string) => Promise<KnownEntry | undefined>;
  readonly counts: () => TruthCounts;
  /** Why a class's name has no class in the network: completes a sentence that begins with the name. */
  readonly reasonOf: ClassNames['reasonOf'];
  /** How it calls one of its photos. Undefined: it cannot tell. */
  readonly example: () => string | undefined;
  /** Tells it from another truth, for run.json. */
  readonly identity: string;
  /** Sentences about what it holds and is passed over. */
  readonly notes: readonly string[];
}

/** A photo's path, as truths name photos: below the folder of photos, or from the root of the disk. */
const pathOf = (photo: string): string => {
  const { elsewhere, path } = placeOfName(photo);
  return elsewhere && !/^[A-Za-z]:\//.test(path) ? `/${path}` : path;
};

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

/** @param place as the person named it. */
export const opened = (place: string, source: TruthSource, names: ClassNames): OpenedTruth => {
  // Which photo each entry was taken for, and the photos without an entry. Each photo counts once, though it is asked for again.
  const [owners, missing] = [nameTable(), nameSet()];
  const unknown = new Map<string, number>();
  let firstMissing: string | undefined;
  const count = (entry: KnownEntry) => {
    for (const { class: index, name } of entry.objects) {
      if (index === undefined) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    }
  };
  const entryOf = async (photo: string): Promise<KnownEntry | undefined> => {
    const entry = await source.entryOf(pathOf(photo));
    if (entry === undefined) {
      if (missing.add(photo)) firstMissing ??= photo;
      return undefined;
    }
    const objects = entry.objects.map((object) => ({ ...object, class: names.classOf(object.name, object.class) }));
    const known = { ...entry, objects };
    const [owner, tag] = [owners.get(entry.where), tagOf(photo)];
    if (owner !== undefined && owner.tag !== tag) throw twoPhotos(photo, entry.where);
    if (owner === undefined) {
      owners.set(entry.where, 0, tag);
      count(known);
    }
    return known;
  };
  const { example, identity, notes } = source;
  return {
    place,
    entryOf,
    of: async (photo) => {
      const entry = await entryOf(photo.photo);
      return entry === undefined ? undefined : placed(entry, photo);
    },
    unknownClasses: () => unknown,
    counts: () => ({ found: owners.size(), missing: missing.size(), firstMissing, entries: source.count }),
    reasonOf: names.reasonOf,
    example,
    identity,
    notes,
  };
};
