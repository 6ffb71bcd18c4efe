import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { childrenOf } from '../../helpers/processes.js';
import { memoryOf } from '../memory.js';

/** How far a case may go. */
export interface Limits {
  readonly seconds: number;
  /** In MB, of the process with all that it started. */
  readonly memory: number;
}

/** How a program ended, or was ended. */
export interface Watched {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Set where it went beyond its limits, and was ended for it. */
  readonly beyond: string | undefined;
}

/** A process and all that it started, and so on. */
const familyOf = (pid: number): readonly number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

/**
 * Resident memory in MB. `ulimit -v` counts addresses instead, of which WebAssembly and V8 reserve gigabytes that they never
 * touch, and `ulimit -d` leaves out what is shared; a control group needs a right that a test may not have.
 */
const residentOf = (pid: number): number => familyOf(pid).reduce((sum, id) => sum + (memoryOf(id, 'VmRSS') || 0), 0);

const INTERVAL = 50;

/** Watches a process. @returns what tells why it went beyond its limits, and ends the watch. */
export const watch = (pid: number, { seconds, memory }: Limits, kill: () => void) => {
  const start = performance.now();
  let beyond: string | undefined;
  const timer = setInterval(() => {
    const [taken, used] = [(performance.now() - start) / 1000, residentOf(pid)];
    if (used > memory) beyond ??= `more than ${memory} MB`;
    else if (taken > seconds) beyond ??= `more than ${seconds} s`;
    if (beyond !== undefined) kill();
  }, INTERVAL);
  return (): string | undefined => {
    clearInterval(timer);
    return beyond;
  };
};

// Characters of each stream that are kept.
const KEPT = 2 ** 20;

/**
 * Runs a program in a folder, and ends it with all that it started where it goes beyond its limits.
 * @param environment variables beside those of the test.
 */
export const watched = (
  program: readonly string[],
  { cwd, environment }: { readonly cwd: string; readonly environment: Readonly<Record<string, string>> },
  limits: Limits,
): Promise<Watched> =>
  new Promise((resolve, reject) => {
    // A group of its own, so that all of it can be ended at once.
    const child = spawn(program[0], program.slice(1), {
      cwd,
      env: { ...process.env, ...environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        if (said[stream].length < KEPT) said[stream] += text;
      });
    }
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    };
    const stop = watch(child.pid ?? 0, limits, kill);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const beyond = stop();
      kill();
      resolve({ code, signal, ...said, beyond });
    });
  });
