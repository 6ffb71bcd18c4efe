import { hash } from 'node:crypto';
import { invalidOption, UsageError } from '../errors.js';
import type { Shard } from '../results/settings.js';

/**
 * Whether a photo belongs to the shard. A hash of its name alone decides, so the photo stays in its shard when other
 * photos are added or removed.
 */
export const isInShard = (photo: string, { index, count }: Shard): boolean =>
  hash('sha256', photo, 'buffer').readUInt32BE() % count === index - 1;

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment variables in which a scheduler of job arrays states this job's number. */
interface Scheduler {
  readonly name: string;
  readonly index: string;
  /** The variables of the number of jobs, the first index and the step, where the scheduler has them. */
  readonly count?: string;
  readonly first?: string;
  readonly step?: string;
}

const schedulers: readonly Scheduler[] = [
  { name: 'a Kubernetes indexed job', index: 'JOB_COMPLETION_INDEX', count: 'JOB_COMPLETIONS' },
  {
    name: 'a Slurm array',
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
  },
  { name: 'an AWS Batch array', index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
];

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

const fromEnvironment = (environment: Environment, given: number | undefined): Shard => {
  const scheduler = schedulers.find(({ index }) => environment[index] !== undefined);
  if (scheduler === undefined) {
    const variables = schedulers.map(({ index }) => index).join(', ');
    throw new UsageError('no-shard', `--shard auto finds none of ${variables} in the environment; give it as 3/16.`);
  }
  const numberOf = (variable: string | undefined) =>
    variable === undefined ? undefined : wholeNumber(environment[variable]);
  const { name, index, first, step, count } = scheduler;
  const position = numberOf(index);
  const jobs = given ?? numberOf(count);
  if (jobs === undefined) {
    throw new UsageError(
      'no-shard',
      `The environment of ${name} does not say in ${count} how many jobs there are; give it as --shard auto/16.`,
    );
  }
  const start = numberOf(first) ?? 0;
  if (start > 1) {
    throw new UsageError(
      'no-shard',
      `The environment of ${name} says in ${first} that it starts at ${start}, as where single jobs are started again; give the part itself, as --shard 3/16.`,
    );
  }
  const place = position === undefined ? undefined : (position - start) / (numberOf(step) ?? 1) + 1;
  if (place === undefined || !Number.isInteger(place) || place < 1 || place > jobs) {
    throw new UsageError(
      'no-shard',
      `The environment of ${name} says job ${environment[index]} of ${jobs} in ${index}, which is none of them.`,
    );
  }
  return { index: place, count: jobs };
};

// A larger count is a typing error. Merging lists every missing shard, so the count is bounded.
const MOST = 100_000;

/**
 * @param text `3/16`; or `auto` or `auto/16`, which read the environment of a job array.
 * @throws UsageError `invalid-option`, `no-shard`.
 */
export const parseShard = (text: string, environment: Environment): Shard => {
  const [, first, second] = /^(auto|\d{1,9})(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  const count = wholeNumber(second);
  const isPossible = count === undefined || (count >= 1 && count <= MOST);
  if (first === 'auto' && isPossible) return fromEnvironment(environment, count);
  const index = wholeNumber(first);
  if (!isPossible || index === undefined || count === undefined || index < 1 || index > count) {
    throw invalidOption('shard', 'a part such as 3/16, or auto', text);
  }
  return { index, count };
};
