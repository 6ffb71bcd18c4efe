import type { Terminal } from '../../src/commands/terminal.js';

/** A terminal that keeps what it is told. @param width of its lines; undefined: it is a file or a pipe. */
export const recordingTerminal = (width?: number) => {
  const notes: string[] = [];
  const statuses: (string | undefined)[] = [];
  const terminal: Terminal = {
    note: (line) => notes.push(line),
    print: () => {},
    status: (line) => statuses.push(line),
    width,
    interactive: false,
    stdin: process.stdin,
    environment: {},
    signal: new AbortController().signal,
  };
  return { terminal, notes, statuses };
};
