import type { Readable } from 'node:stream';

/** What a terminal can show. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colors: boolean;
}

/** Characters that would drive a terminal, or turn its words around. */
export const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** The terminal as a command sees it. */
export interface Terminal {
  readonly stdin: Readable;
  /** One line of results. */
  readonly print: (line: string) => void;
  /** Resolves when whoever reads the results has taken most of them. */
  readonly drained: () => Promise<void>;
  /** One line about the work: failures, the summary. */
  readonly note: (line: string) => void;
  /** Shows a line that is overwritten by whatever comes next; undefined takes it away. Only where `width` is set. */
  readonly status: (line: string | undefined) => void;
  /** Columns of the terminal that notes go to; undefined: it is none. */
  readonly width: number | undefined;
  /** Whether results are read by a person, on a terminal. */
  readonly interactive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text that is colours too, as it is. */
  readonly paste: (text: string) => void;
  /** Undefined where standard output is no terminal. */
  readonly screen: Screen | undefined;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}
