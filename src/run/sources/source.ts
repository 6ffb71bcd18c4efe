import type { Readable } from 'node:stream';
import type { FileState } from '../../results/line.js';

/** Why there is nothing to explain. */
export interface Problem {
  readonly code: 'missing' | 'no-photos' | 'unreadable' | 'not-a-file' | 'in-output' | 'unread-format';
  readonly message: string;
  /** Of `unread-format`: what the file is, by its ending. */
  readonly kind?: string | undefined;
}

/** A photo that a source found, or an input without a photo. */
export interface Discovery {
  /** Its name in the results, with slashes. */
  readonly photo: string;
  /** The argument of the source's `read`, in any process of the run. */
  readonly address: string;
  /** Its path as the user would write it. */
  readonly displayPath: string;
  /** Set: the file lies in the output folder, under this name. It may be a picture of the run. */
  readonly inOutput?: string | undefined;
  /** Set: the line of standard input that this answers. Each line has an answer of its own, though it names a photo twice. */
  readonly line?: string | undefined;
  /** Set: why there is nothing to explain here. */
  readonly problem?: Problem | undefined;
  /** Set: the state of its file, which was told with its name. */
  readonly state?: FileState | undefined;
  /** Set: how many bytes are read for it, as was told with its name. */
  readonly bytes?: number | undefined;
}

/** What a source needs to list its photos. */
export interface SourceRequest {
  /** The command's arguments, at least one. */
  readonly inputs: readonly string[];
  /** Place of the results, which may lie among the photos. */
  readonly output: string;
  readonly stdin: Readable;
  /** Whether each line of standard input is one photo and gets one answer. Else it may be a folder or a pattern, too. */
  readonly eachLine?: boolean;
  /** Column that holds the photos, of tables. Undefined: it is looked for. */
  readonly column?: string | undefined;
  /** Whether addresses may lead to this machine and to private networks. */
  readonly allowLocal?: boolean | undefined;
}

/** The photos of one run. */
export interface Listing {
  /**
   * Absolute path of the folder that photos are named from; an address where they are named by theirs. A run can only be resumed
   * with the same folder.
   */
  readonly folder: string;
  /**
   * The photos in the order in which the run begins them, found lazily. Ends when the signal is aborted.
   * @throws UsageError `usage` where the input is not a list of photos.
   */
  readonly list: (signal: AbortSignal) => Iterable<Discovery> | AsyncIterable<Discovery>;
  /** The address that a photo of this name has, or had where it is gone. Undefined: it would take a request to know. */
  readonly addressOf: (photo: string) => string | undefined | Promise<string | undefined>;
  /** Whether `list` can be called again. Counting the photos before a run needs a second call. */
  readonly repeatable: boolean;
  /** Whether some of the photos may lie where to read them takes requests. Missing: none does. */
  readonly mayBeFar?: boolean;
  /** Number of photos, where it is known without listing them. */
  readonly count: number | undefined;
}

/** A photo's file as it was read. */
export interface PhotoFile {
  readonly bytes: Uint8Array;
  readonly state: FileState;
}

/** Where photos come from. */
export interface Source {
  /**
   * Whether the command's arguments name photos of this source.
   * @throws UsageError `usage` where only some of them do and the source cannot be mixed with another.
   */
  readonly accepts: (inputs: readonly string[]) => boolean;
  readonly open: (request: SourceRequest) => Listing;
  /**
   * Reads a photo's file as it is, with the state that it had before it was read. Runs in another process than `open`.
   * @throws PhotoError `missing`, `unreadable`, `not-a-file`, `too-large`.
   */
  readonly read: (address: string) => Promise<PhotoFile>;
  /** Whether to read a photo takes requests, in whose time others can be worked on. Missing: of none. */
  readonly isFar?: (address: string) => boolean;
  /**
   * The present state of a photo's file, without reading it. A run that goes on asks for each photo that is finished.
   * Undefined where the file is gone, or cannot be looked at.
   */
  readonly stateOf: (address: string) => FileState | undefined | Promise<FileState | undefined>;
}
