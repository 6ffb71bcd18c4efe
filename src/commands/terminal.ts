import type { Readable } from 'node:stream';

/** What a terminal can show. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colors: boolean;
}

/** The terminal as a command sees it. */
export interface Terminal {
  readonly stdin: Readable;
  /** One line of results. */
  readonly print: (line: string) => void;
  /** One line about the work: failures, the summary. */
  readonly note: (line: string) => void;
  /** Text that is colours too, as it is. */
  readonly paste: (text: string) => void;
  /** Undefined where standard output is no terminal. */
  readonly screen: Screen | undefined;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}
