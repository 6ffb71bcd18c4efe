import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { start } from './command.js';
import { childrenOf, leftOf, signalTo, tellsChildren } from './processes.js';

/** When to strike. */
export interface Moment {
  /** Whether it has come. @param run its number as a process, and how many of its photos are done. */
  readonly reached: (run: { readonly pid: number; readonly photos: number }) => boolean;
  /** How much later; only for trials at random, for nobody knows what a run does by then. */
  readonly milliseconds?: number;
}

/** The first process is there, and prepares the model; where the system tells no processes, at once. */
export const whilePreparing: Moment = { reached: ({ pid }) => !tellsChildren || childrenOf(pid).length > 0 };

export const afterPhotos = (count: number, milliseconds = 0): Moment => ({
  reached: ({ photos }) => photos >= count,
  milliseconds,
});

/** Pictures, and whatever else is left: the files about the run tell times, and the order in which photos were done. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !/^(manifest\.jsonl|run\.json|report\.html|report-data\/.*)$/.test(name));

/** How results differ from those of a run that nothing disturbed, in words; empty: not at all. */
export const damageOf = (output: string, undisturbed: string): readonly string[] => {
  const damage: string[] = [];
  const [found, expected] = [output, undisturbed].map((folder) => new Set(filesBelow(folder)));
  for (const name of expected) {
    if (!found.has(name)) damage.push(`${name} is missing`);
    else if (!readFileSync(join(output, name)).equals(readFileSync(join(undisturbed, name)))) {
      damage.push(`${name} differs`);
    }
  }
  for (const name of found) if (!expected.has(name)) damage.push(`${name} is left over`);
  const photosOf = (folder: string) =>
    readFileSync(join(folder, 'manifest.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).photo as string)
      .sort();
  if (photosOf(output).join() !== photosOf(undisturbed).join()) damage.push('the manifest names other photos');
  return damage;
};

/** A run to strike at. */
interface Plan {
  readonly args: readonly string[];
  /** Where the run is given its photos line by line: their folder, and what it is given. It waits for more until the end. */
  readonly stream?: { readonly cwd: string; readonly names: readonly string[] };
}

/** Runs the command, and strikes once. @returns its outcome, and the processes of it that do not end. */
const runAndStrike = async ({ args, stream }: Plan, moment: Moment, strike: (pid: number) => void) => {
  const run = start(args, stream === undefined ? {} : { cwd: stream.cwd, input: null });
  const pid = run.child.pid ?? 0;
  if (stream !== undefined) run.child.stdin?.write(stream.names.map((name) => `${name}\n`).join(''));
  let photos = 0;
  run.child.stdout?.on('data', (text: string) => {
    photos += text.split('\n').length - 1;
  });
  // A run that is done before is not struck.
  await run.until(() => moment.reached({ pid, photos })).catch(() => {});
  await setTimeout(moment.milliseconds ?? 0);
  const workers = childrenOf(pid);
  if (run.child.exitCode === null) strike(pid);
  const outcome = await run.outcome;
  run.child.stdin?.end();
  return { ...outcome, left: await leftOf(workers) };
};

/** Kills the whole run, as kill -9 does. */
export const killRun = (plan: Plan, moment: Moment) => runAndStrike(plan, moment, (pid) => signalTo(pid, 'SIGKILL'));

/** Kills one of the processes that work on photos, the first or the second. */
export const killWorker = (plan: Plan, moment: Moment, which: number) =>
  runAndStrike(plan, moment, (pid) => {
    const workers = childrenOf(pid);
    const worker = workers[which % workers.length];
    if (worker !== undefined) signalTo(worker, 'SIGKILL');
  });
