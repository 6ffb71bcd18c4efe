import { setImmediate } from 'node:timers/promises';
import { packageFile } from '../package-file.js';
import { isLost, type Pool, startPool } from '../run/workers/pool.js';
import { type Judgement, type JudgeSetup, type JudgeTask, textJudger } from './judge/judge-text.js';
import type { JudgeBatch, JudgedBatch } from './worker.js';

/** Lines in a message to a process. */
const BATCH = 32;
/** As long as a batch may take, in seconds: hostile lines may hold large grids. */
const TIMEOUT = 600;
/** Arrays are used again, so what is young is little: it need not grow to many MB in each process, which collects the rest itself. */
const FLAGS = ['--max-semi-space-size=4', '--expose-gc'];
/** With fewer lines than this the work is done before a process has started. */
const FEW = 256;

async function* batchesOf(tasks: AsyncIterable<JudgeTask>): AsyncGenerator<readonly JudgeTask[]> {
  let batch: JudgeTask[] = [];
  for await (const task of tasks) {
    batch.push(task);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Judges in this process, and lets an interruption through between two lines. */
async function* judgedHere(tasks: AsyncIterable<JudgeTask>, setup: JudgeSetup): AsyncGenerator<Judgement> {
  const judge = textJudger(setup);
  for await (const task of tasks) {
    yield await judge(task);
    await setImmediate();
  }
}

const judgedBy = async (
  pool: Pool<object, JudgeBatch, JudgedBatch>,
  tasks: readonly JudgeTask[],
): Promise<readonly Judgement[]> => {
  const result = await pool.run({ tasks });
  // Nothing of them is known; the others go on.
  return isLost(result) ? tasks.map(() => 'unreadable' as const) : result.judgements;
};

/** Judges in other processes, and gives the judgements in the order of the lines. */
async function* judgedApart(
  tasks: AsyncIterable<JudgeTask>,
  setup: JudgeSetup,
  processes: number,
): AsyncGenerator<Judgement> {
  const worker = packageFile('dist/evaluate/worker.js');
  const plan = { worker, flags: FLAGS, setup, processes, timeout: TIMEOUT };
  const pool = startPool<JudgeSetup, object, JudgeBatch, JudgedBatch>(plan);
  // As many as keep each process busy while one is waited for.
  const most = 4 * processes;
  const under: Promise<readonly Judgement[]>[] = [];
  try {
    for await (const batch of batchesOf(tasks)) {
      const judged = judgedBy(pool, batch);
      // It is waited for later, and an error is thrown then.
      judged.catch(() => {});
      under.push(judged);
      if (under.length >= most) yield* (await under.shift()) ?? [];
    }
    for (const judged of under) yield* await judged;
  } finally {
    pool.close();
  }
}

/**
 * Judges lines of a manifest, in their order. Holds few of them in memory.
 * @param count about how many there are. @param processes that work at a time.
 * @throws UsageError as `textJudger`.
 */
export const judged = (
  tasks: AsyncIterable<JudgeTask>,
  setup: JudgeSetup,
  count: number,
  processes: number,
): AsyncGenerator<Judgement> => (count < FEW ? judgedHere(tasks, setup) : judgedApart(tasks, setup, processes));
