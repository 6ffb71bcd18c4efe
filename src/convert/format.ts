import type { Part } from '../localise/localise.js';
import type { Plane } from '../localise/plane.js';
import type { MapRecord, PhotoLine } from '../results/line.js';
import type { RunSettings } from '../results/settings.js';
import type { CocoDataSet } from '../truth/coco/data-set.js';
import type { Pixels } from './orientation.js';

/** A class's map with the parts that its boxes are drawn around, most evidence first. Empty: nothing was found. */
export interface Finding {
  readonly map: MapRecord;
  readonly parts: readonly Part[];
  /** On which the parts' runs lie. */
  readonly plane: Plane;
}

/** A photo as formats see it. */
export interface FoundPhoto {
  readonly line: PhotoLine;
  /** How its pixels are stored, 1 to 8 as in EXIF. `line` and boxes are of the upright photo. */
  readonly orientation: number;
  /** Looked for when they are first asked for: that takes most of the time that a photo takes. */
  readonly findings: readonly Finding[];
}

/** A run to be written in another tool's format. */
export interface FoundRun {
  readonly settings: RunSettings;
  /** Absolute path of the photos' common folder. */
  readonly folder: string;
  /**
   * The explained photos, in the manifest's order, each once. Each call reads the manifest anew: nothing of it is kept. All
   * calls give the same photos, also where the run goes on meanwhile.
   */
  readonly photos: () => AsyncIterable<FoundPhoto>;
}

/** What a person asks of a format. Undefined, or false: nothing was asked. */
export interface ConvertOptions {
  /** Whether each box comes with the pixels of its part. */
  readonly masks: boolean;
  /** The pixels that boxes lie in. Undefined: those that most of the format's readers see. */
  readonly pixels: Pixels | undefined;
  /** The data set whose ids are taken. */
  readonly truth: CocoDataSet | undefined;
  /** A file that says which of the network's classes its categories mean. */
  readonly mapClasses: string | undefined;
  /** Names of photos, in the order in which they are wanted. */
  readonly ids: readonly string[] | undefined;
  /** What the reader calls its classes, in the order of their numbers. */
  readonly synsets: readonly string[] | undefined;
  /** What the address of a photo begins with. */
  readonly imageUrl: string | undefined;
}

/** Another file, of which nothing is copied. */
export interface Link {
  /** Its absolute path. */
  readonly linkTo: string;
}

/**
 * A file of the result: its path with slashes, and its content: as a whole, to be made as a whole when it is written, in
 * pieces, or that of another file.
 */
export interface OutputFile {
  readonly name: string;
  readonly content: string | Uint8Array | (() => Promise<Uint8Array>) | AsyncIterable<string | Uint8Array> | Link;
}

/**
 * A format of another tool: a pure function from a run to files. It holds little of the run in memory; where it needs
 * something of all photos before the first is written, it goes through them twice. A content in pieces is drawn before the
 * next file is asked for; others are made several at a time.
 * @throws UsageError `unfit-name` for a photo or class whose name the format cannot hold.
 */
export interface Format {
  /** Which tools read it, for help and docs. */
  readonly readers: string;
  /** The options that it makes use of. Others are refused. Undefined: none. */
  readonly takes?: readonly (keyof ConvertOptions)[];
  /** Options that it cannot do without. */
  readonly needs?: readonly (keyof ConvertOptions)[];
  /** @param note told, in a sentence, what was left out. */
  readonly convert: (
    run: FoundRun,
    options: ConvertOptions,
    note: (sentence: string) => void,
  ) => AsyncIterable<OutputFile>;
}
