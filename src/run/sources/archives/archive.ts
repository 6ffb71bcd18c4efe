import type { FileState } from '../../../results/line.js';
import type { PhotoFile, Problem } from '../source.js';

/** Of a path that no photo in the archive has, or of the archive's own path. */
export const NO_SUCH_PHOTO = 'The archive has no photo of this name; photos in it are called as in train.tar/0001.jpg.';

/** What lies in an archive: a photo, or what is wrong there. */
export interface Entry {
  /** Its path in the archive, with slashes, which leads nowhere else. Empty: the archive itself, of which something is wrong. */
  readonly path: string;
  /** Argument of `read` and `stateOf`, in any process of the run. */
  readonly place: string;
  readonly problem?: Problem | undefined;
  /** Set: the state of the archive, which was told as it was listed. */
  readonly state?: FileState | undefined;
  /** Set: how many bytes are read for it. */
  readonly bytes?: number | undefined;
}

/** A kind of file that holds photos. They are named like files in a folder of the archive's name. */
export interface Archive {
  /**
   * Its photos in their order, found lazily. Ends with a problem where the file cannot be read, is damaged or holds none.
   * @param file its address. @param column that holds the photos, where a person names one.
   */
  readonly list: (file: string, column?: string) => Iterable<Entry> | AsyncIterable<Entry>;
  /** The address of the archive that a place lies in. */
  readonly fileOf: (place: string) => string;
  /** The place of an entry, or one that `stateOf` does not know where there is no such photo. */
  readonly placeOf: (file: string, path: string, column?: string) => string | Promise<string>;
  /**
   * Reads one photo without what lies before it, or a bounded part of it.
   * @returns its bytes, and the state of the archive before it was read.
   * @throws PhotoError `missing`, `unreadable`, `not-a-file`, `too-large`.
   */
  readonly read: (place: string) => Promise<PhotoFile>;
  /** The present state of the photo's archive. Undefined where the archive or the photo is gone. */
  readonly stateOf: (place: string) => FileState | undefined | Promise<FileState | undefined>;
}
