import { UNPRINTABLE } from '../../../src/terminal/contract.js';
import type { Watched } from './watched.js';

// The lines of a stack, and what Node says before it. A sentence may quote either, but not at the start of a line.
const STACK = /^\s+at |^node:internal|^\s*throw |^Node\.js v/m;

const CODES: readonly (number | null)[] = [0, 1, 2];

const withoutLines = (text: string): string => text.replaceAll('\n', '');

/** What is wrong with how a command ended, in words. Empty: nothing. */
export const faultsOf = ({ code, signal, stdout, stderr, beyond }: Watched): readonly string[] => {
  if (beyond !== undefined) return [beyond];
  const faults: string[] = [];
  if (signal !== null) faults.push(`ended by ${signal}`);
  else if (!CODES.includes(code)) faults.push(`exit code ${code}`);
  if (STACK.test(stderr)) faults.push(`a stack: ${stackOf(stderr)}`);
  if (code === 2 && (stderr + stdout).trim() === '') faults.push('exit code 2 without a word');
  for (const text of [stdout, stderr]) {
    if (withoutLines(text).search(UNPRINTABLE) >= 0) faults.push('characters that steer a terminal');
  }
  return faults;
};

/** The error and the first place of it in the program, which faults of one cause share. */
export const stackOf = (text: string): string => {
  const error = /^\S*(?:Error|Exception)\b.*$/m.exec(text)?.[0] ?? text.split('\n')[0];
  const place = /^\s+at .*?((?:src|dist)\/[^)\s]*)/m.exec(text)?.[1] ?? '';
  return `${error.slice(0, 120)} in ${place}`;
};
