import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root } from './repository.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  /** Without the lines that tell how far a run is: one comes every five seconds, of slow machines alone. */
  readonly stderr: string;
}

/** A command under way. What waits for it has no limit of time but the test's own. */
export interface Started {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves to what stands on standard output when it has so many lines. Rejects where the command ends before. */
  readonly printed: (lines: number) => Promise<string>;
  /** Resolves when it holds. Rejects where the command ends before. */
  readonly until: (holds: () => boolean) => Promise<void>;
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

const PROGRESS = /^\d+( of \d+)? done, \d+ failed, \d+\.\d+ photos\/s.*\n/gm;

// The tests may themselves be a job of an array; and Node has words of its own on some wishes about colours.
const ofWhoeverTests =
  /^(JOB_COMPLETION|SLURM_ARRAY|AWS_BATCH_JOB|CLOUD_RUN_TASK|BATCH_TASK|SGE_TASK|PBS_ARRAY|LSB_JOBINDEX|CI_NODE|NO_COLOR|FORCE_COLOR|NODE_DISABLE_COLORS)/;
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofWhoeverTests.test(name)));

/** Starts the built command. */
export const start = (
  args: readonly string[],
  { cwd = root, input = '', environment, ...user }: Circumstances = {},
): Started => {
  const env = { ...inherited, ...environment };
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
  let ended = false;
  const outcome = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => {
      ended = true;
      resolve({ code, stdout, stderr: stderr.replace(PROGRESS, '') });
    });
  });
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      if (ended) throw new Error(`The command ended before it came to that: ${stderr}`);
      await setTimeout(5);
    }
  };
  const printed = async (lines: number) => {
    await until(() => stdout.split('\n').length > lines);
    return stdout;
  };
  return { child, outcome, printed, until };
};

/** Runs the built command to its end. */
export const gapcam = (args: readonly string[], options?: Circumstances): Promise<Outcome> =>
  start(args, options).outcome;
