import type { Readable } from 'node:stream';

/** A photo that a source found, or an input that led to none. */
export interface Discovery {
  /** Its name in the results, with slashes. */
  readonly photo: string;
  /** What the source's `read` finds it by, in any process of the run. */
  readonly address: string;
  /** As the person would write it. */
  readonly displayPath: string;
  /** Set: why there is nothing to explain here. */
  readonly problem?:
    | {
        readonly code: 'missing' | 'no-photos' | 'unreadable' | 'not-a-file';
        readonly message: string;
      }
    | undefined;
}

/** Where photos are asked for. */
export interface SourceRequest {
  /** Arguments of the command, at least one. */
  readonly inputs: readonly string[];
  /** Place of the results, which may lie among the photos. */
  readonly output: string;
  readonly stdin: Readable;
}

/** The photos of one run. */
export interface Listing {
  /** Absolute path of the folder that the photos' names start from; a run over another is another run. */
  readonly folder: string;
  /**
   * The photos in the order in which they are begun, each found when it is asked for. Ends when the signal is aborted.
   * @throws UsageError `usage` where what is listed is no list of photos.
   */
  readonly list: (signal: AbortSignal) => Iterable<Discovery> | AsyncIterable<Discovery>;
  /** Whether they can be listed more than once, as it takes to count them. */
  readonly repeatable: boolean;
  /** Their number where it is known without listing. */
  readonly count: number | undefined;
}

/** Where photos come from. */
export interface Source {
  /**
   * Whether the command's arguments name photos of this source.
   * @throws UsageError `usage` where only some of them do, and they cannot be mixed.
   */
  readonly accepts: (inputs: readonly string[]) => boolean;
  readonly open: (request: SourceRequest) => Listing;
  /**
   * A photo's file as it was made by a camera or a program, in another process than `open`.
   * @throws PhotoError `missing`, `unreadable`, `not-a-file`, `too-large`.
   */
  readonly read: (address: string) => Promise<Uint8Array>;
}
