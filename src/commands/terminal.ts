import type { Readable } from 'node:stream';

/** The terminal as a command sees it. */
export interface Terminal {
  readonly stdin: Readable;
  /** One line of results. */
  readonly print: (line: string) => void;
  /** One line about the work: failures, the summary. */
  readonly note: (line: string) => void;
  /** Shows a line that is overwritten by whatever comes next; undefined takes it away. Only where `width` is set. */
  readonly status: (line: string | undefined) => void;
  /** Columns of the terminal that notes go to; undefined: it is none. */
  readonly width: number | undefined;
  /** Whether results are read by a person, on a terminal. */
  readonly interactive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A picture made of letters and colours, as it is. */
  readonly paint: (picture: string) => void;
  /** Whether pictures can be printed. */
  readonly pictures: 'ok' | 'no-terminal' | 'no-color';
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}
