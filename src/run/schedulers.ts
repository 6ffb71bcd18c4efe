/** A scheduler of job arrays: the environment variables in which it tells a job its number. */
export interface Scheduler {
  readonly name: string;
  readonly index: string;
  /** The index of its first job. Of those with `first`, what is taken where that is not set. */
  readonly start: 0 | 1;
  /** The variables of the number of jobs or else of the last index, of the first index and of the step, where there are any. */
  readonly count?: string;
  readonly last?: string;
  readonly first?: string;
  readonly step?: string;
  /** The index of jobs that are in no array, where the variable is set for those too. */
  readonly alone?: string;
}

/** The schedulers that `--shard auto` knows. */
export const schedulers: readonly Scheduler[] = [
  { name: 'a Kubernetes indexed job', index: 'JOB_COMPLETION_INDEX', start: 0, count: 'JOB_COMPLETIONS' },
  {
    name: 'a Slurm array',
    index: 'SLURM_ARRAY_TASK_ID',
    start: 0,
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
  },
  { name: 'an AWS Batch array', index: 'AWS_BATCH_JOB_ARRAY_INDEX', start: 0, count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
  { name: 'a Cloud Run job', index: 'CLOUD_RUN_TASK_INDEX', start: 0, count: 'CLOUD_RUN_TASK_COUNT' },
  { name: 'a Google Batch job', index: 'BATCH_TASK_INDEX', start: 0, count: 'BATCH_TASK_COUNT' },
  {
    name: 'a Grid Engine array',
    index: 'SGE_TASK_ID',
    start: 1,
    last: 'SGE_TASK_LAST',
    first: 'SGE_TASK_FIRST',
    step: 'SGE_TASK_STEPSIZE',
    alone: 'undefined',
  },
  { name: 'a PBS array', index: 'PBS_ARRAY_INDEX', start: 1 },
  {
    name: 'an LSF array',
    index: 'LSB_JOBINDEX',
    start: 1,
    last: 'LSB_JOBINDEX_END',
    step: 'LSB_JOBINDEX_STEP',
    alone: '0',
  },
  { name: 'a parallel GitLab job', index: 'CI_NODE_INDEX', start: 1, count: 'CI_NODE_TOTAL' },
];
