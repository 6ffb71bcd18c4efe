import type { Readable } from 'node:stream';

/** What a terminal can show. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colors: boolean;
}

/** Control characters, and those that change the direction of text. */
export const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** The terminal as a command sees it. */
export interface Terminal {
  readonly stdin: Readable;
  /** One line of results. */
  readonly print: (line: string) => void;
  /** Resolves when the reader of standard output has taken most of the results. */
  readonly drained: () => Promise<void>;
  /** One line about the work: failures, the summary. */
  readonly note: (line: string) => void;
  /** Shows a line that the next output overwrites; undefined removes it. Only where `width` is set. */
  readonly status: (line: string | undefined) => void;
  /** Columns of the terminal on standard error; undefined: standard error is no terminal. */
  readonly width: number | undefined;
  /** Whether results are read by a person, on a terminal. */
  readonly interactive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Prints text unchanged, with its escape codes for colours. */
  readonly paste: (text: string) => void;
  /** Undefined where standard output is no terminal. */
  readonly screen: Screen | undefined;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}
