import type { Readable } from 'node:stream';

/** The terminal as a command sees it. */
export interface Terminal {
  readonly stdin: Readable;
  /** One line of results. */
  readonly print: (line: string) => void;
  /** One line about the work: failures, the summary. */
  readonly note: (line: string) => void;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}
