import type { Screen, Terminal } from '../../src/terminal/contract.js';

/** A terminal for commands that are called by a test; whatever they say is added to `said`, line by line. */
export const terminalInto = (said: string[], screen?: Screen): Terminal => ({
  stdin: process.stdin,
  print: (line) => said.push(line),
  drained: async () => {},
  note: (line) => said.push(line),
  paste: (text) => said.push(text),
  status: () => {},
  width: undefined,
  interactive: screen !== undefined,
  environment: {},
  screen,
  signal: new AbortController().signal,
});

/** A terminal that keeps what it is told. @param width of its lines; undefined: it is a file or a pipe. */
export const recordingTerminal = (width?: number) => {
  const notes: string[] = [];
  const statuses: (string | undefined)[] = [];
  const status = (line: string | undefined) => statuses.push(line);
  return { terminal: { ...terminalInto(notes), status, width }, notes, statuses };
};
