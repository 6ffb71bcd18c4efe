import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

interface Asked {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with the process's number every now and then while it runs. */
  readonly watch?: (pid: number) => void;
}

/** Runs a program to its end. `said`: both of its outputs. */
export const run = async (command: string, args: readonly string[], { cwd, env, watch }: Asked = {}) => {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  let code: number | null | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (given) => {
      code = given;
      resolve();
    });
  });
  while (watch !== undefined && code === undefined) {
    if (child.pid !== undefined) watch(child.pid);
    await Promise.race([ended, setTimeout(50)]);
  }
  await ended;
  return { code, said };
};

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

const processAt = (pid: string): Process | undefined => {
  try {
    const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid: Number(pid), parent: Number(parent), command };
  } catch {
    return undefined;
  }
};

/** Processes that a process started, and those that they started: by any of their threads, as Java does. */
export const descendantsOf = (pid: number): readonly Process[] => {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(processAt)
    .filter((found) => found !== undefined);
  const below = (parents: readonly number[]): readonly Process[] => {
    const children = all.filter(({ parent }) => parents.includes(parent));
    return children.length === 0 ? [] : [...children, ...below(children.map((child) => child.pid))];
  };
  return below([pid]);
};
