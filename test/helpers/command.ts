import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './repository.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Circumstances {
  readonly cwd?: string;
  /** All that standard input gives; null: it stays open, for the test to write to. */
  readonly input?: string | Uint8Array | null;
  /** Number of the user that runs it; root alone can give another than its own. */
  readonly uid?: number;
  /** Variables beside those of the tests. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the built command. */
export const start = (
  args: readonly string[],
  { cwd = root, input = '', environment, ...user }: Circumstances = {},
) => {
  const env = { ...process.env, ...environment };
  const child: ChildProcess = spawn(process.execPath, [join(root, 'bin/gapcam.js'), ...args], { cwd, env, ...user });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdin?.on('error', () => {});
  if (input !== null) child.stdin?.end(input);
  const outcome = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, outcome };
};

/** Runs the built command to its end. */
export const gapcam = (args: readonly string[], options?: Parameters<typeof start>[1]): Promise<Outcome> =>
  start(args, options).outcome;
