import type { Screen, Terminal } from '../../src/commands/terminal.js';

/** A terminal for commands that are called by a test; whatever they say is added to `said`, line by line. */
export const terminalInto = (said: string[], screen?: Screen): Terminal => ({
  stdin: process.stdin,
  print: (line) => said.push(line),
  note: (line) => said.push(line),
  paste: (text) => said.push(text),
  status: () => {},
  width: undefined,
  interactive: screen !== undefined,
  environment: {},
  screen,
  signal: new AbortController().signal,
});
