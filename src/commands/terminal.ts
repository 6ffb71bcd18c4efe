import type { Readable } from 'node:stream';

/** The terminal as a command sees it. */
export interface Terminal {
  readonly stdin: Readable;
  /** One line of results. */
  readonly print: (line: string) => void;
  /** One line about the work: failures, the summary. */
  readonly note: (line: string) => void;
  /** A picture made of letters and colours, as it is. */
  readonly paint: (picture: string) => void;
  /** Whether pictures can be printed. */
  readonly pictures: 'ok' | 'no-terminal' | 'no-color';
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}
