import type { FileState } from '../../../results/line.js';
import type { InArchive } from '../archives/endings.js';
import type { InsideOutput } from '../inside-output.js';
import type { Discovery, PhotoFile } from '../source.js';

/** Where bytes lie: a kind of place with files, such as the disk. An address leads to a file of it, in any process of the run. */

/** A file that a word of the command led to, or a word that led to none. */
export interface Found extends Pick<Discovery, 'displayPath' | 'problem' | 'inOutput' | 'state' | 'bytes'> {
  readonly address: string;
  /** Set: its name in the results, where there is no address that may be shown. */
  readonly photo?: string | undefined;
  /** Set: the file is an archive of this kind, in which photos lie. */
  readonly archive?: string | undefined;
}

/** What a search leaves out. */
export interface Search {
  /** Place of the results, which may lie among the photos. */
  readonly output: string;
  /** Which files of this machine lie there. */
  readonly inside: InsideOutput;
}

/** What a word of the command names. */
export interface Input {
  /** The folder of this machine that its photos are named from, where no other word is given. Undefined: by their addresses. */
  readonly folder: () => string | undefined;
  /** Whether it is one photo's file. Else it may be any number. */
  readonly isOne: () => boolean;
  /** Whether finding its photos costs little, so that they may be counted before. */
  readonly isCheap: boolean;
  /** Its files, lazily and in the same order each time. @throws UsageError where the place as a whole cannot be read. */
  readonly find: (search: Search) => Iterable<Found> | AsyncIterable<Found>;
}

/** The bytes of a file that is open on this machine. They are there at once. */
export interface OpenFile {
  readonly size: number;
  /** Fills `into` from there on. @returns what was filled: less where the file ends. */
  readonly read: (at: number, into: Buffer) => Buffer;
  readonly close: () => void;
}

/** Some bytes of a file, and the state of the whole file when they were read. */
export interface FilePart {
  readonly bytes: Buffer;
  readonly state: FileState;
}

/** A file is another than it was a moment ago. Completes "it cannot be read". */
export class Changed extends Error {
  constructor() {
    super('it has changed while it was read; give the command again');
  }
}

export const isSameState = (a: FileState, b: FileState): boolean =>
  a.size === b.size && a.modified === b.modified && a.etag === b.etag;

/** A kind of place. A member is one file, and one entry in `index.ts`. */
export interface Storage {
  /** Whether each request takes a while, in which others can be made. */
  readonly isFar: boolean;
  /** A file's name in the results. No two addresses have one name. @param folder of the run, absolute. */
  readonly nameOf: (folder: string, address: string) => string;
  /** The archives that an address may lead into, with their own addresses. There need be none. */
  readonly archivesIn: (address: string) => readonly InArchive[];
  /**
   * Reads a file as a whole.
   * @throws PhotoError `missing`, `unreadable`, `not-a-file`, `too-large`; UsageError where the place as a whole cannot be read.
   */
  readonly read: (address: string) => Promise<PhotoFile>;
  /** The present state of a file. Undefined where it is gone, or cannot be looked at. */
  readonly stateOf: (address: string) => FileState | undefined | Promise<FileState | undefined>;
  /** Some bytes of a file: fewer where it ends before. @throws as `read`, or the system's error. */
  readonly part: (address: string, start: number, length: number) => Promise<FilePart>;
  /** Opens a file for reading without waiting. Undefined: the bytes lie too far. @throws UnfitFile, or the system's error. */
  readonly open?: (address: string) => OpenFile;
}
