import type { Classes } from '../model/labels/find-class.js';
import type { Entry } from './entry.js';
import type { Likeness } from './likeness.js';

/** What a format needs to know beside its place. */
export interface FormatRequest {
  /** As the person gave it: a path, or a word. */
  readonly place: string;
  /** Classes of the network. */
  readonly classes: Classes;
  /** Absolute path of the photos' common folder. Undefined: it is not known. */
  readonly folder: string | undefined;
}

/** The entry that a photo's is. */
export interface EntryMatch {
  /** Tells it from all others. */
  readonly key: string | number;
  readonly likeness: Likeness;
}

/** A truth that was opened. */
export interface TruthSource {
  /**
   * Which entry a photo's is, without reading it. Null: several may be meant, which `entryOf` says. Undefined: there is none.
   */
  readonly matchOf: (path: string) => EntryMatch | null | undefined;
  /**
   * What it says of a photo that has an entry, by the photo's path: below the common folder, or from the root of the disk.
   * @throws UsageError `ambiguous-photo`, `bad-truth`.
   */
  readonly entryOf: (path: string) => Promise<Entry | undefined>;
  /** Number of its entries. Undefined: they are looked up one by one, and nobody counts them. */
  readonly count: number | undefined;
  /** How it calls one of its photos, for a message. Undefined: it cannot tell. */
  readonly example: () => string | undefined;
  /** What run.json says of it: tells it from another truth. */
  readonly identity: string;
  /** What it is called in a message. Undefined: its place. */
  readonly title?: string | undefined;
  /** The name that it gives to objects whose class it does not know. Undefined: it names all. */
  readonly nameless?: string | undefined;
  /** What a person can do where it has no entry for any photo. Undefined: as for any data set. */
  readonly wayOut?: string | undefined;
  /** Sentences about what it holds that is passed over, or that looks wrong in the entries that were read. */
  readonly notes: () => readonly string[];
  /** What the numbers of a box are: a sentence without its end. Undefined: it has no boxes. */
  readonly boxNumbers?: string | undefined;
}

/** A format of truths. */
export interface TruthFormat {
  /** What it is, for a message and help. */
  readonly describe: string;
  /** Whether what is given is of this format, by its name and the first look at it. */
  readonly accepts: (place: string) => boolean;
  /** @throws UsageError `unreadable-file`, `bad-truth`. */
  readonly open: (request: FormatRequest) => Promise<TruthSource>;
}
