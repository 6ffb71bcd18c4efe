import type { Part } from '../localise/localise.js';
import type { Plane } from '../localise/plane.js';
import type { MapRecord, PhotoLine } from '../results/line.js';
import type { RunSettings } from '../results/settings.js';

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
  readonly findings: readonly Finding[];
}

/** A run to be written in another tool's format. */
export interface FoundRun {
  readonly settings: RunSettings;
  /** Absolute path of the photos' common folder. */
  readonly folder: string;
  /** The explained photos, in the manifest's order. Each call reads the manifest anew: nothing of it is kept. */
  readonly photos: () => AsyncIterable<FoundPhoto>;
}

/** What a person asks of a format. */
export interface ConvertOptions {
  /** Whether each box comes with the pixels of its part. */
  readonly masks: boolean;
}

/** A file of the result: its path with slashes, and its content, as a whole or in pieces. */
export interface OutputFile {
  readonly name: string;
  readonly content: string | Uint8Array | AsyncIterable<string | Uint8Array>;
}

/**
 * A format of another tool: a pure function from a run to files. It holds little of the run in memory; where it needs
 * something of all photos before the first is written, it goes through them twice. A content in pieces is drawn before the
 * next file is asked for.
 * @throws UsageError `unfit-name` for a photo or class whose name the format cannot hold.
 */
export interface Format {
  /** Which tools read it, for help and docs. */
  readonly readers: string;
  readonly convert: (run: FoundRun, options: ConvertOptions) => AsyncIterable<OutputFile>;
}
