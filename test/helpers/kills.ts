import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { start } from './command.js';
import { childrenOf, leftOf, signalTo } from './processes.js';

/** When to strike: after so many photos of this run, and so many milliseconds more. */
export interface Moment {
  readonly photos: number;
  readonly milliseconds: number;
}

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

/** Runs the command, and strikes once. @returns its outcome, and the processes of it that are still there soon after. */
const runAndStrike = async (
  args: readonly string[],
  { photos, milliseconds }: Moment,
  strike: (pid: number) => void,
) => {
  const { child, outcome } = start(args);
  const pid = child.pid ?? 0;
  let seen = 0;
  const reached = new Promise<void>((resolve) => {
    if (photos === 0) resolve();
    child.stdout?.on('data', (text: string) => {
      seen += text.split('\n').length - 1;
      if (seen >= photos) resolve();
    });
  });
  await Promise.race([reached, outcome]);
  await setTimeout(milliseconds);
  const workers = childrenOf(pid);
  if (child.exitCode === null) strike(pid);
  return { ...(await outcome), left: await leftOf(workers, 5000) };
};

/** Kills the whole run, as kill -9 does. */
export const killRun = (args: readonly string[], moment: Moment) =>
  runAndStrike(args, moment, (pid) => signalTo(pid, 'SIGKILL'));

/** Sends a signal to one of the processes that work on photos. */
export const strikeWorker = (args: readonly string[], moment: Moment, signal: NodeJS.Signals) =>
  runAndStrike(args, moment, (pid) => {
    const [first, second = first] = childrenOf(pid);
    const worker = moment.photos % 2 === 0 ? first : second;
    if (worker !== undefined) signalTo(worker, signal);
  });
