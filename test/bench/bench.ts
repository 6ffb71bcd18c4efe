import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normalizeOptions } from '../../src/options.js';
import { openOutput } from '../../src/run/files.js';
import { openManifest } from '../../src/run/manifest.js';
import { type Pool, startPool } from '../../src/run/pool.js';
import type { PhotoResult, PhotoTask, WorkerSetup } from '../../src/run/worker.js';

/**
 * The figures of the README's table, for this machine: `npm run bench`. What is compared is timed in turn, in one run, a
 * hundred photos at a time; each ratio is the median of the rounds.
 */

const ROUNDS = 12;
const PHOTOS = 120;
const STARTS = 7;

const root = fileURLToPath(new URL('../../', import.meta.url));
const photos = readdirSync(join(root, 'fixtures/photos'))
  .filter((name) => name.endsWith('.jpg'))
  .map((name) => join(root, 'fixtures/photos', name));
const scratch = mkdtempSync(join(tmpdir(), 'gapcam-bench-'));

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

const outputs: string[] = [];

const emptyOutput = (): string => {
  const output = join(scratch, String(outputs.length));
  outputs.push(output);
  openOutput(output);
  return output;
};

interface Contestant {
  /** Explains so many photos. @returns photos a second. */
  readonly run: (count: number) => Promise<number>;
  readonly close: () => void;
}

const contestant = async (worker: URL, processes: number): Promise<Contestant> => {
  const output = emptyOutput();
  const setup: WorkerSetup = {
    model: 'efficientnet-lite0',
    prepare: { threads: 1 },
    explain: normalizeOptions(),
    output,
  };
  const pool: Pool<object, PhotoTask, PhotoResult> = startPool({ worker, setup, processes, timeout: 60 });
  const manifest = openManifest(output);
  let begun = 0;
  const explain = async (index: number): Promise<void> => {
    const result = await pool.run({ photo: `${index}.jpg`, file: photos[index % photos.length] });
    if ('lost' in result) throw new Error(`a worker was lost: ${result.how}`);
    manifest.append(result.line);
  };
  const run = async (count: number): Promise<number> => {
    const start = performance.now();
    const underWay: Promise<void>[] = [];
    for (let i = 0; i < count; i++) {
      underWay.push(explain(begun++));
      await pool.room();
    }
    await Promise.all(underWay);
    return (count * 1000) / (performance.now() - start);
  };
  // Until every process has started and its code is compiled.
  await run(PHOTOS);
  return { run, close: pool.close };
};

/** Does what starts processes, which stay on the first core; sharp's threads would use a second one. Linux alone. */
const onOneCore = async <T>(work: () => Promise<T>): Promise<T> => {
  const pin = (list: string) => spawnSync('taskset', ['-cp', list, String(process.pid)], { stdio: 'ignore' }).status;
  if (pin('0') !== 0) throw new Error('taskset is needed to keep a process on one core');
  try {
    return await work();
  } finally {
    pin(`0-${availableParallelism() - 1}`);
  }
};

const ours = new URL('../../src/run/worker.ts', import.meta.url);
const floor = new URL('./floor-worker.ts', import.meta.url);

/** Photos a second of both, and the ratio of the first to the second. */
const compare = async (first: Contestant, second: Contestant): Promise<readonly [number, number, number]> => {
  const rounds: (readonly [number, number])[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    // Whoever comes first in a round meets the other's last writes: they take turns at that too.
    const a = i % 2 === 0 ? await first.run(PHOTOS) : undefined;
    const b = await second.run(PHOTOS);
    rounds.push([a ?? (await first.run(PHOTOS)), b]);
  }
  first.close();
  second.close();
  return [median(rounds.map(([a]) => a)), median(rounds.map(([, b]) => b)), median(rounds.map(([a, b]) => a / b))];
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
  const [rate, floorRate, share] = await compare(await contestant(ours, cores), await contestant(floor, cores));
  rows.push([`photos a second, ${cores} processes`, rate.toFixed(0)]);
  rows.push(['the floor: no class map, no check, no heatmap', floorRate.toFixed(0)]);
  rows.push(['share of the floor', `${(share * 100).toFixed(0)} %`]);
  const two = await contestant(ours, 2);
  const one = await onOneCore(() => contestant(ours, 1));
  const [, , gain] = await compare(two, one);
  rows.push(['two processes against one on one core', `${gain.toFixed(2)} times`]);
  const starts: number[] = [];
  for (let i = 0; i < STARTS; i++) starts.push(await firstPicture());
  rows.push(['first picture of a fresh process', `${(median(starts) / 1000).toFixed(2)} s`]);
  console.log(table(rows));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
