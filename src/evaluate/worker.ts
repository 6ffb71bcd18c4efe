import { serve } from '../run/workers/serve.js';
import { type Judgement, type JudgeSetup, type JudgeTask, textJudger } from './judge/judge-text.js';

/** Several lines at a time: a message for each would cost as much as to judge it. */
export interface JudgeBatch {
  readonly tasks: readonly JudgeTask[];
}

export interface JudgedBatch {
  readonly judgements: readonly Judgement[];
}

/**
 * Batches after which garbage is collected, a second or two: it grows by some 20 KB a map, and V8 would let ten times what is in use
 * pile up. Takes 1 % of the time.
 */
const COLLECTED = 16;

serve(async (setup: JudgeSetup, handed: object | undefined) => {
  const judge = textJudger(setup);
  let batches = 0;
  return {
    perform: async ({ tasks }: JudgeBatch): Promise<JudgedBatch> => {
      if (++batches % COLLECTED === 0) globalThis.gc?.();
      return { judgements: await Promise.all(tasks.map(judge)) };
    },
    handed: handed ?? {},
  };
});
