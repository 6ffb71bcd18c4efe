import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { root } from '../../helpers/repository.js';
import type { Finding } from '../finding.js';
import { inFolder } from '../folder.js';
import { type Case, kinds, type Material } from './cases.js';
import { makeEarlier } from './earlier.js';
import { faultsOf, stackOf } from './judge.js';
import { randomOf } from './random.js';
import { type Reader, startReader } from './reader.js';
import { changesOf, treeOf } from './tree.js';
import { type Limits, watched } from './watched.js';

const limits: Limits = { seconds: 10, memory: 2048 };

const MEMORY_WORDS = `more than ${limits.memory} MB`;

const program = [process.execPath, join(root, 'bin/gapcam.js')] as const;

// Of the models that the library can read alone, one in so many is read by a command.
const BY_COMMAND = 5;

type Kind = keyof typeof kinds;

/** @param asked names of kinds, with commas. Undefined: all. */
const turnsOf = (asked: string | undefined): readonly Kind[] =>
  (Object.keys(kinds) as Kind[])
    .filter((kind) => asked === undefined || asked.split(',').includes(kind))
    .flatMap((kind) => Array<Kind>(kinds[kind].often).fill(kind));

const turns = turnsOf(process.env.FUZZ_KINDS);

/** Writes a case into a folder that must not exist: the same files for the same seed and number. */
const writeCase = (folder: string, kind: Kind, seeds: readonly [number, number], material: Material): Case => {
  mkdirSync(join(folder, 'outside'), { recursive: true });
  writeFileSync(join(folder, 'outside', 'keep.txt'), 'Not the run\u2019s own.\n');
  return kinds[kind].write(folder, randomOf(...seeds), material);
};

/** What a case came to. */
interface Outcome {
  /** What is wrong, in words. */
  readonly faults: readonly string[];
  /** Whether a model was explained, or a run made, in spite of all. */
  readonly done: boolean;
}

/** Runs a case's command in its folder. */
const tryCommand = async (folder: string, { args, writes, model }: Case, reader: Reader): Promise<Outcome> => {
  const before = treeOf(folder, writes);
  const home = join(folder, 'outside');
  const environment = { HOME: home, TMPDIR: home };
  const outcome = await watched([...program, ...args], { cwd: folder, environment }, limits);
  const changes = changesOf(before, treeOf(folder, writes));
  // Limits of memory are for what gapcam does: a network that wants more is ended by the system's.
  const asked =
    model !== undefined && outcome.beyond === MEMORY_WORDS && (await reader.asksForMore(join(folder, model)));
  const faults = asked ? [] : faultsOf(outcome);
  return {
    faults: [...faults, ...changes.map((change) => `outside of the output: ${change}`)],
    done: outcome.code === 0,
  };
};

const tryCase = async (folder: string, it: Case, alone: boolean, reader: Reader): Promise<Outcome> => {
  if (it.model === undefined || !alone) return tryCommand(folder, it, reader);
  const { fault, explained } = await reader.read(join(folder, it.model));
  if (fault === '') return { faults: [], done: explained };
  // The library has no limits of its own: the command must have them.
  const { faults, done } = await tryCommand(folder, it, reader);
  return { faults: /^ended|^more/.test(fault) ? faults : [...faults, `the library threw ${stackOf(fault)}`], done };
};

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Keeps what is needed to see a fault again. */
const keep = (folder: string, faults: readonly string[], write: (folder: string) => Case): void => {
  rmSync(folder, { recursive: true, force: true });
  const { args } = write(join(folder, 'case'));
  const line = [...program, ...args].map(quoted).join(' ');
  writeFileSync(join(folder, 'repeat.sh'), `cd "$(dirname "$0")/case" && exec ${line}\n`);
  writeFileSync(join(folder, 'faults.txt'), `${faults.join('\n')}\n`);
};

interface Trial {
  readonly seed: number;
  readonly until: number;
  readonly folder: string;
  readonly kept: string;
  readonly material: Material;
  readonly next: () => number;
  /** Faults by what is wrong, with the numbers of their cases. */
  readonly found: Map<string, number[]>;
  readonly onDone: () => void;
}

const tryMany = async ({ seed, until, folder, kept, material, next, found, onDone }: Trial): Promise<void> => {
  const reader = startReader(limits);
  while (performance.now() < until) {
    const number = next();
    const kind = turns[number % turns.length];
    const place = join(folder, `${number}`);
    const write = (to: string) => writeCase(to, kind, [seed, number], material);
    const alone = Math.floor(number / turns.length) % BY_COMMAND !== number % BY_COMMAND;
    const { faults, done } = await tryCase(place, write(place), alone, reader);
    if (done) onDone();
    if (faults.length > 0) {
      keep(join(kept, `${number}`), faults, write);
      console.error(`${kind}: ${faults.join('; ').slice(0, 300)}: sh ${join(kept, `${number}`, 'repeat.sh')}`);
    }
    for (const fault of faults) found.set(fault, [...(found.get(fault) ?? []), number]);
    rmSync(place, { recursive: true, force: true });
  }
  reader.close();
};

/**
 * Hostile models, side files, runs, names, truths and evaluations, as many as there is time for.
 * @param seed decides on all cases.
 */
export const fuzzed = (minutes: number, seed: number): Promise<Finding> =>
  inFolder(async (folder) => {
    const kept = join(tmpdir(), `gapcam-fuzz-${seed}`);
    const material = { earlier: await makeEarlier(folder) };
    let [number, done] = [0, 0];
    const until = performance.now() + minutes * 60_000;
    const found = new Map<string, number[]>();
    const trial: Trial = { seed, until, folder, kept, material, next: () => number++, found, onDone: () => done++ };
    await Promise.all(Array.from({ length: availableParallelism() }, () => tryMany(trial)));
    const faults = [...found].map(
      ([fault, numbers]) => `${numbers.length} times: ${fault} (${join(kept, `${numbers[0]}`)})`,
    );
    return {
      what: `${number} hostile models, side files, runs, names, truths and evaluations (seed ${seed})`,
      found: `${faults.length === 0 ? 'no fault' : faults.join('; ')}; ${done} were done all the same`,
      limit: `no stack, no signal, nothing outside of the output, ${limits.seconds} s, ${limits.memory} MB`,
      holds: faults.length === 0,
    };
  });
