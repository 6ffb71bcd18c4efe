import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { type Pool, type PoolPlan, startPool } from '../../../src/run/workers/pool.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { leftOf, tellsChildren } from '../../helpers/processes.js';
import { linesOf } from '../../helpers/runs.js';

interface Setup {
  readonly log: string;
  readonly start: string | undefined;
  /** Of the processes after the first. */
  readonly startNext?: string | undefined;
}

interface Task {
  readonly name: string;
  readonly trouble: string;
}

interface Result {
  readonly name: string;
}

interface Handed {
  readonly preparedBy: number;
}

const worker = new URL('./trouble-worker.js', import.meta.url);
const opened: Pool<Handed, Task, Result>[] = [];
afterEach(() => {
  for (const pool of opened.splice(0)) pool.close();
});

const poolOf = ({ start, startNext, ...plan }: Partial<PoolPlan<Setup, Task> & Setup> = {}) => {
  const log = join(temporaryFolder(), 'log');
  const pool = startPool<Setup, Handed, Task, Result>({
    worker,
    setup: { log, start, startNext },
    processes: 2,
    startAfter: 0,
    // None of the tasks is lost to it but where a test says so.
    timeout: 600,
    ...plan,
  });
  opened.push(pool);
  return { pool, logged: () => linesOf(readFileSync(log, 'utf8')) };
};

/** Tasks that answer, with one among them that does not. */
const among = (trouble: string, count = 20): Task[] =>
  Array.from({ length: count }, (_, i) => (i === 7 ? { name: 'bad', trouble } : { name: `${i}`, trouble: 'rest' }));

/** What became of the task among others; all of those must have been answered. */
const fateAmong = async (pool: Pool<Handed, Task, Result>, trouble: string) => {
  const tasks = among(trouble);
  const results = await Promise.all(tasks.map((task) => pool.run(task)));
  const others = tasks.filter(({ name }) => name !== 'bad').map(({ name }) => ({ name }));
  expect(results.filter((_, i) => tasks[i].name !== 'bad')).toEqual(others);
  return results[7];
};

describe('a task costs itself alone', () => {
  it.each([
    ['crashes', 'crash', { lost: 'crashed', how: 'SIGSEGV' }],
    ['ends its process', 'exit', { lost: 'crashed', how: 'exit code 7' }],
  ])('where it %s, after a second try with no other beside it', async (_, trouble, fate) => {
    const { pool, logged } = poolOf();
    expect(await fateAmong(pool, trouble)).toEqual(fate);
    const tries = logged().filter((line) => line.startsWith('bad '));
    expect(tries).toHaveLength(2);
    expect(tries[1]).toBe('bad begun, 1 under way');
  });

  it('where it hangs for longer than its time', async () => {
    const { pool } = poolOf({ taskTimeout: ({ trouble }) => (trouble === 'hang' ? 2.5 : 600) });
    expect(await fateAmong(pool, 'hang')).toEqual({ lost: 'timeout', how: '2.5 s' });
  });

  it('where it takes all memory', async () => {
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=48');
    try {
      expect(await fateAmong(poolOf().pool, 'exhaust')).toEqual({ lost: 'crashed', how: 'SIGABRT' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('where there is one process alone', async () => {
    const { pool } = poolOf({ processes: 1 });
    expect(await fateAmong(pool, 'crash')).toEqual({ lost: 'crashed', how: 'SIGSEGV' });
  });

  it('and nothing where the second try goes well', async () => {
    expect(await fateAmong(poolOf().pool, 'crash once')).toEqual({ name: 'bad' });
  });

  it('however many there are of them', async () => {
    const { pool } = poolOf();
    const tasks = Array.from({ length: 12 }, (_, i) => ({ name: `${i}`, trouble: i % 2 === 0 ? 'crash' : 'rest' }));
    const results = await Promise.all(tasks.map((task) => pool.run(task)));
    expect(results).toEqual(
      tasks.map(({ name, trouble }) => (trouble === 'crash' ? { lost: 'crashed', how: 'SIGSEGV' } : { name })),
    );
  });
});

describe('all tasks are given up, and further ones refused', () => {
  const everyReason = async (pool: Pool<Handed, Task, Result>, trouble: string): Promise<Error> => {
    const outcomes = await Promise.allSettled(among(trouble).map((task) => pool.run(task)));
    const reasons = new Set(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
    expect(reasons.size).toBe(1);
    const [reason] = reasons;
    await expect(pool.run({ name: 'late', trouble: 'answer' })).rejects.toBe(reason);
    await pool.capacity();
    return reason;
  };

  it.each(['defect', 'late defect'])("at a %s, with the worker's own stack", async (trouble) => {
    const error = await everyReason(poolOf().pool, trouble);
    expect(error).not.toBeInstanceOf(UsageError);
    expect(error.stack).toMatch(/^RangeError: a fault in the worker\n {4}at .*trouble-worker\.js/);
  });

  it('at what a person can mend, in the sentence of the worker', async () => {
    const error = await everyReason(poolOf().pool, 'refuse');
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code: 'output-unwritable', message: 'The disk is full.' });
  });

  it('where the first process refuses to be set up', async () => {
    const { pool } = poolOf({ start: 'refuse' });
    await expect(pool.run({ name: 'x', trouble: 'answer' })).rejects.toMatchObject({ code: 'output-unwritable' });
    await expect(pool.handed).rejects.toMatchObject({ code: 'output-unwritable' });
  });

  it('where five processes end as they start, one after the other', async () => {
    const { pool, logged } = poolOf({ start: 'exit' });
    await expect(pool.handed).rejects.toMatchObject({ code: 'no-process', message: /exit code 7.*fewer --jobs/ });
    expect(logged()).toHaveLength(5);
  });

  it('where the first process is not ready in time', async () => {
    const { pool } = poolOf({ start: 'hang', timeout: 0.5 });
    const task = pool.run({ name: 'x', trouble: 'answer' });
    const reason = { code: 'prepare-timeout', message: /within 0\.5 s.*--timeout/ };
    await expect(pool.handed).rejects.toMatchObject(reason);
    await expect(task).rejects.toMatchObject(reason);
  });

  it('where none is left, and the next is not ready in time', async () => {
    const { pool } = poolOf({ startNext: 'hang', timeout: 0.5, processes: 1 });
    await expect(pool.run({ name: 'x', trouble: 'crash once' })).rejects.toMatchObject({ code: 'prepare-timeout' });
  });

  it('but not where others are ready: those go on', async () => {
    const { pool, logged } = poolOf({ startNext: 'hang', timeout: 0.5 });
    const takenOver = () => logged().filter((line) => line.startsWith('taken over ')).length;
    await pool.handed;
    // The second of them is there because the first was given up.
    while (takenOver() < 2) {
      const results = await Promise.all(Array.from({ length: 8 }, () => pool.run({ name: 'x', trouble: 'rest' })));
      expect(results).toEqual(Array(8).fill({ name: 'x' }));
    }
  });

  it('but not where one ends as it starts, and the next does not', async () => {
    const { pool } = poolOf({ start: 'crash once' });
    expect(await pool.run({ name: 'x', trouble: 'answer' })).toEqual({ name: 'x' });
  });
});

describe('the processes', () => {
  it('are prepared once: the first hands over to the others', async () => {
    const { pool, logged } = poolOf({ processes: 3 });
    const started = () => logged().filter((line) => /^(prepared|taken over) /.test(line));
    await pool.handed;
    // On a busy machine the first may have done all of it before the others have started.
    while (started().length < 3) await fateAmong(pool, 'rest');
    await fateAmong(pool, 'rest');
    const starts = started();
    expect(starts).toHaveLength(3);
    expect(starts[0]).toBe(`prepared ${(await pool.handed).preparedBy}`);
    expect(starts.slice(1).every((line) => line.startsWith('taken over '))).toBe(true);
  });

  it('are given many tasks that wait, whose time is not counted, and begin none that is forgotten', async () => {
    const { pool, logged } = poolOf({ timeout: 1.5, processes: 1 });
    await pool.handed;
    // Each waits until ten are under way, and begins then. The last never begins, for longer than it might take.
    const works = Array.from({ length: 10 }, (_, i) =>
      pool.run({ name: `${i}`, trouble: i === 9 ? 'wait' : 'begin' }, true),
    );
    expect(await Promise.all(works.slice(0, 9))).toHaveLength(9);
    expect(await pool.run({ name: 'rest', trouble: 'slow' })).toEqual({ name: 'rest' });
    expect(await pool.run({ name: 'rest', trouble: 'slow' })).toEqual({ name: 'rest' });
    pool.forgetWaiting();
    expect(await works[9]).toMatchObject({ lost: 'forgotten' });
    // The process heard of it before it heard of this.
    expect(await pool.run({ name: 'x', trouble: 'answer' })).toEqual({ name: 'x' });
    expect(logged().filter((line) => line === 'forgotten')).toHaveLength(1);
  });

  it('that end beside tasks that wait lose none of them, and suspect none', async () => {
    const { pool, logged } = poolOf({ processes: 1 });
    await pool.handed;
    const waiting = Array.from({ length: 8 }, (_, i) => pool.run({ name: `far ${i}`, trouble: 'wait once' }, true));
    expect(await pool.run({ name: 'bad', trouble: 'crash' })).toEqual({ lost: 'crashed', how: 'SIGSEGV' });
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 8 }, (_, i) => ({ name: `far ${i}` })));
    // Suspects would be alone.
    expect(logged().some((line) => /^far \d begun, [2-9] under way/.test(line))).toBe(true);
  });

  it('are given work no faster than they do it', async () => {
    const { pool } = poolOf();
    let [underWay, most] = [0, 0];
    const works: Promise<void>[] = [];
    // On a busy machine the second process may take long to start: until then there is room for less.
    for (let i = 0; i < 60 || most < 6; i++) {
      most = Math.max(most, ++underWay);
      works.push(
        pool.run({ name: `${i}`, trouble: 'rest' }).then(() => {
          underWay--;
        }),
      );
      await pool.capacity();
    }
    await Promise.all(works);
    // Two in flight in each of two processes, and one waiting for each.
    expect(most).toBe(6);
  });

  it('are one for tasks that it does before another has started', async () => {
    const { pool, logged } = poolOf({ startAfter: 1e6 });
    await fateAmong(pool, 'rest');
    expect(logged().filter((line) => /^(prepared|taken over) /.test(line))).toHaveLength(1);
  });

  it('are more once tasks have waited for long', async () => {
    const { pool, logged } = poolOf({ startAfter: 20 });
    const works = ['hang', 'hang', 'rest'].map((trouble) => pool.run({ name: trouble, trouble }));
    void Promise.allSettled(works);
    expect(await works[2]).toEqual({ name: 'rest' });
    expect(logged().filter((line) => /^(prepared|taken over) /.test(line))).toHaveLength(2);
  });

  it.skipIf(!tellsChildren)('are gone when the pool is closed, whatever they do', async () => {
    const { pool, logged } = poolOf();
    const works = ['hang', 'hang', 'rest', 'rest', 'rest'].map((trouble) => pool.run({ name: trouble, trouble }));
    void Promise.allSettled(works);
    await works[2];
    pool.close();
    const pids = logged().flatMap((line) => /^(?:prepared|taken over) (\d+)/.exec(line)?.[1] ?? []);
    expect(pids).toHaveLength(2);
    expect(await leftOf(pids.map(Number))).toEqual([]);
  });

  it('gives the next tasks to a process while it only writes', async () => {
    const { pool, logged } = poolOf({ processes: 1 });
    const results = await Promise.all(
      Array.from({ length: 9 }, (_, i) => pool.run({ name: `${i}`, trouble: 'write' })),
    );
    expect(results).toEqual(Array.from({ length: 9 }, (_, i) => ({ name: `${i}` })));
    expect(logged().at(-1)).toMatch(/begun, 9 under way/);
  });
});
