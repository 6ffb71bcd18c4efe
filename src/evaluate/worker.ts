import { setFlagsFromString } from 'node:v8';
import { serve } from '../run/workers/serve.js';
import { type Judgement, type JudgeSetup, type JudgeTask, textJudger } from './judge/judge-text.js';

/** Several lines at a time: a message for each would cost as much as to judge it. */
export interface JudgeBatch {
  readonly tasks: readonly JudgeTask[];
}

export interface JudgedBatch {
  readonly judgements: readonly Judgement[];
}

// Little of what a line leaves behind lives on: the heap need not grow to several times that before it is collected.
setFlagsFromString('--heap-growing-percent=50');

serve(async (setup: JudgeSetup, handed: object | undefined) => {
  const judge = textJudger(setup);
  return {
    perform: async ({ tasks }: JudgeBatch): Promise<JudgedBatch> => ({
      judgements: await Promise.all(tasks.map(judge)),
    }),
    handed: handed ?? {},
  };
});
