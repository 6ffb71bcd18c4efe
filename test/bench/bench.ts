import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normalizeOptions } from '../../src/options/explain.js';
import { MANIFEST } from '../../src/results/manifest.js';
import { type Pool, startPool } from '../../src/run/workers/pool.js';
import type { PhotoResult, PhotoTask, WorkerSetup } from '../../src/run/workers/worker.js';
import { openStore } from '../../src/stores/index.js';
import type { Store } from '../../src/stores/store.js';
import { childrenOf } from '../helpers/processes.js';

/**
 * The figures of the table in ARCHITECTURE.md, for this machine: `npm run bench`. What is compared is timed in turn, in one run, a
 * few photos at a time, and often: a round is off by 5 %. Each ratio is the median of the rounds.
 */

const ROUNDS = 50;
const PHOTOS = 60;
const STARTS = 7;

const root = fileURLToPath(new URL('../../', import.meta.url));
const photos = readdirSync(join(root, 'fixtures/photos'))
  .filter((name) => name.endsWith('.jpg'))
  .map((name) => join(root, 'fixtures/photos', name));
const scratch = mkdtempSync(join(tmpdir(), 'gapcam-bench-'));

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

const outputs: string[] = [];

const emptyStore = async (): Promise<Store> => {
  const output = join(scratch, String(outputs.length));
  outputs.push(output);
  const store = openStore(output);
  await store.lock();
  return store;
};

/** How fast photos were worked on. */
interface Pace {
  /** Photos a second. */
  readonly rate: number;
  /** Cores that were busy, on average. */
  readonly cores: number;
}

interface Contestant {
  /** Explains so many photos. */
  readonly run: (count: number) => Promise<Pace>;
  readonly close: () => void;
}

// Of Linux's clock that counts a process's time.
const TICKS_A_SECOND = 100;

/** Seconds that a process had a core for itself; a terminated one's are lost. */
const coreSecondsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may hold blanks: fields 14 and 15 of proc(5), in user mode and in the kernel.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
};

const coreSeconds = (): number =>
  [process.pid, ...childrenOf(process.pid)].reduce((sum, pid) => sum + coreSecondsOf(pid), 0);

const contestant = async (worker: URL, processes: number): Promise<Contestant> => {
  const store = await emptyStore();
  const setup: WorkerSetup = {
    model: 'efficientnet-lite0',
    prepare: { threads: 1 },
    explain: normalizeOptions(),
    output: store.place,
  };
  const pool: Pool<object, PhotoTask, PhotoResult> = startPool({ worker, setup, processes, timeout: 60 });
  const manifest = await store.append(MANIFEST);
  let begun = 0;
  const explain = async (index: number): Promise<void> => {
    const result = await pool.run({ photo: `${index}.jpg`, source: 'files', address: photos[index % photos.length] });
    if (!('line' in result)) throw new Error(`a worker was lost: ${JSON.stringify(result)}`);
    await manifest.append(result.line);
  };
  const run = async (count: number): Promise<Pace> => {
    const [start, used] = [performance.now(), coreSeconds()];
    const underWay: Promise<void>[] = [];
    for (let i = 0; i < count; i++) {
      underWay.push(explain(begun++));
      await pool.capacity();
    }
    await Promise.all(underWay);
    const seconds = (performance.now() - start) / 1000;
    return { rate: count / seconds, cores: (coreSeconds() - used) / seconds };
  };
  // Until every process has started and its code is compiled.
  await run(2 * PHOTOS);
  return { run, close: pool.close };
};

const ours = new URL('../../src/run/workers/worker.ts', import.meta.url);
const floor = new URL('./floor-worker.ts', import.meta.url);

/** What two do in turn, round by round. */
const inTurn = async (first: Contestant, second: Contestant): Promise<readonly (readonly [Pace, Pace])[]> => {
  const rounds: (readonly [Pace, Pace])[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    // Whoever comes first in a round meets the other's last writes: they take turns at that too.
    const a = i % 2 === 0 ? await first.run(PHOTOS) : undefined;
    const b = await second.run(PHOTOS);
    rounds.push([a ?? (await first.run(PHOTOS)), b]);
  }
  first.close();
  second.close();
  return rounds;
};

/** Milliseconds from the start of the command to its first picture. */
const firstPicture = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const output = join(scratch, `first-${Math.random()}`);
    const picture = join(output, 'cat.jpg.282-tiger-cat.jpg');
    const args = [join(root, 'bin/gapcam.js'), join(root, 'fixtures/photos/cat.jpg'), '-o', output];
    const start = performance.now();
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    let found: number | undefined;
    const watch = setInterval(() => {
      if (existsSync(picture)) found ??= performance.now() - start;
    }, 2);
    // The next one has the cores for itself.
    child.on('exit', (code) => {
      clearInterval(watch);
      if (found === undefined) reject(new Error(`gapcam ended with ${code} and without the picture`));
      else resolve(found);
    });
  });

const table = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = (name: string, value: string) => `| ${name.padEnd(width)} | ${value.padEnd(24)} |`;
  return [line('', 'here'), `| ${'-'.repeat(width)} | ${'-'.repeat(24)} |`, ...rows.map(([n, v]) => line(n, v))].join(
    '\n',
  );
};

const cores = availableParallelism();
const rows: (readonly [string, string])[] = [];
try {
  const both = await inTurn(await contestant(ours, cores), await contestant(floor, cores));
  rows.push([`photos a second, ${cores} processes`, median(both.map(([a]) => a.rate)).toFixed(0)]);
  rows.push(['the floor: no class map, no check, no heatmap', median(both.map(([, b]) => b.rate)).toFixed(0)]);
  rows.push(['share of the floor', `${(median(both.map(([a, b]) => a.rate / b.rate)) * 100).toFixed(0)} %`]);
  const scaling = await inTurn(await contestant(ours, 2), await contestant(ours, 1));
  const busy = median(scaling.map(([, one]) => one.cores));
  const gainOver = (share: (one: Pace) => number) => median(scaling.map(([two, one]) => two.rate / share(one)));
  rows.push(['two processes against one', `${gainOver(({ rate }) => rate).toFixed(2)} times`]);
  // One process keeps more than one core busy: sharp has threads of its own.
  const gain = gainOver(({ rate, cores }) => rate / cores);
  rows.push([`two processes against each core that one uses (${busy.toFixed(2)})`, `${gain.toFixed(2)} times`]);
  const starts: number[] = [];
  for (let i = 0; i < STARTS; i++) starts.push(await firstPicture());
  rows.push(['first picture of a fresh process', `${(median(starts) / 1000).toFixed(2)} s`]);
  console.log(table(rows));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
