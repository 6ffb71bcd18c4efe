import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInShard, parseShard } from '../../src/run/shard.js';

const shardsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ index: i + 1, count }));

describe('the shards of one count', () => {
  it('hold each photo in exactly one of them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (photo, count) => {
        expect(shardsOf(count).filter((shard) => isInShard(photo, shard))).toHaveLength(1);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('hold about as many photos each', () => {
    const counts = shardsOf(16).map(
      (shard) => Array.from({ length: 16_000 }, (_, i) => `photos/${i}.jpg`).filter((p) => isInShard(p, shard)).length,
    );
    // Of a fair choice, the standard deviation is 31; six of them are met once in 500 million shards.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(6 * 31);
  });

  it('are the same on every machine and in every version', () => {
    const shardOf = (photo: string) => shardsOf(16).find((shard) => isInShard(photo, shard))?.index;
    // printf '%s' <photo> | sha256sum: the first 8 digits, as a number, modulo 16, plus 1.
    expect(['cat.jpg', 'a/b.png', '老虎.webp'].map(shardOf)).toEqual([11, 10, 8]);
  });
});

const kubernetes = { JOB_COMPLETION_INDEX: '2', JOB_COMPLETIONS: '16' };
const slurm = { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_COUNT: '16' };
const cloudRun = { CLOUD_RUN_TASK_INDEX: '2', CLOUD_RUN_TASK_COUNT: '16' };
const google = { BATCH_TASK_INDEX: '2', BATCH_TASK_COUNT: '16' };
const sge = { SGE_TASK_ID: '3', SGE_TASK_FIRST: '1', SGE_TASK_LAST: '16', SGE_TASK_STEPSIZE: '1' };
const lsf = { LSB_JOBINDEX: '3', LSB_JOBINDEX_END: '16' };
const gitlab = { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '16' };
const batch = { AWS_BATCH_JOB_ARRAY_INDEX: '2', AWS_BATCH_JOB_ARRAY_SIZE: '16' };

describe('a shard', () => {
  it.each([
    ['1/1', {}, 1, 1],
    ['1/3', {}, 1, 3],
    ['3/3', {}, 3, 3],
    ['100000/100000', {}, 100_000, 100_000],
    ['auto', kubernetes, 3, 16],
    ['auto', { ...kubernetes, JOB_COMPLETION_INDEX: '0' }, 1, 16],
    ['auto', { ...kubernetes, JOB_COMPLETION_INDEX: '15' }, 16, 16],
    ['auto/4', { JOB_COMPLETION_INDEX: '3' }, 4, 4],
    ['auto/4', { ...kubernetes }, 3, 4],
    ['auto', { ...slurm, SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_STEP: '1' }, 6, 16],
    ['auto', { ...slurm, SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_STEP: '1' }, 5, 16],
    ['auto', { ...slurm, SLURM_ARRAY_TASK_ID: '61', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_STEP: '4' }, 16, 16],
    ['auto', { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '2', SLURM_ARRAY_TASK_MIN: '1' }, 1, 2],
    ['auto', batch, 3, 16],
    ['auto', { ...batch, AWS_BATCH_JOB_ARRAY_INDEX: '15' }, 16, 16],
    ['auto', cloudRun, 3, 16],
    ['auto', google, 3, 16],
    ['auto', sge, 3, 16],
    ['auto', { ...sge, SGE_TASK_ID: '13', SGE_TASK_LAST: '15', SGE_TASK_STEPSIZE: '4' }, 4, 4],
    // A task of no array is started by Grid Engine and by LSF beside this one.
    ['auto', { ...sge, LSB_JOBINDEX: '0' }, 3, 16],
    ['auto/16', { PBS_ARRAY_INDEX: '16' }, 16, 16],
    ['auto', lsf, 3, 16],
    ['auto', { ...lsf, LSB_JOBINDEX: '16', LSB_JOBINDEX_STEP: '5', SGE_TASK_ID: 'undefined' }, 4, 4],
    ['auto', gitlab, 3, 16],
    ['auto', { ...gitlab, CI_NODE_INDEX: '1' }, 1, 16],
  ])('is read from %s in %j', (text, environment, index, count) => {
    expect(parseShard(text, environment)).toEqual({ index, count });
  });

  it.each([
    '0/3',
    '4/3',
    '1/0',
    '0/0',
    'x',
    '',
    '3',
    '3/',
    '/3',
    '1/3/5',
    '-1/3',
    '1.5/3',
    '1e1/16',
    ' 1/3',
    '1/1000000000',
  ])('is refused where "%s" is none', (text) => {
    expect(() => parseShard(text, kubernetes)).toThrow(
      `Expected a part such as 3/16, or auto for shard but received ${JSON.stringify(text)}.`,
    );
  });

  it.each([
    ['auto', {}, /^--shard auto finds none of JOB_COMPLETION_INDEX, SLURM_.*AWS_.*; give it as 3\/16\.$/],
    ['auto', { JOB_COMPLETION_INDEX: '3' }, /^The environment of a Kubernetes indexed job does not say .*auto\/16\.$/],
    ['auto', { ...kubernetes, JOB_COMPLETION_INDEX: '16' }, /says job 16 of 16 in JOB_COMPLETION_INDEX, which is none/],
    ['auto/2', kubernetes, /says job 2 of 2 in JOB_COMPLETION_INDEX, which is none/],
    ['auto', { ...kubernetes, JOB_COMPLETION_INDEX: 'two' }, /says job two of 16/],
    ['1/100001', {}, /Expected a part such as 3\/16/],
    ['auto', { ...slurm, SLURM_ARRAY_TASK_ID: '18' }, /says job 18 of 16 in SLURM_ARRAY_TASK_ID/],
    // A job that is started again on its own is an array that starts at it.
    ['auto', { ...slurm, SLURM_ARRAY_TASK_MIN: '2' }, /starts at 2, .*--shard 3\/16/],
    ['auto/16', { ...slurm, SLURM_ARRAY_TASK_MIN: '5' }, /starts at 5, .*--shard 3\/16/],
    ['auto', { ...slurm, SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_STEP: '2' }, /says job 5 of 16/],
    ['auto', { PBS_ARRAY_INDEX: '3' }, /^The environment of a PBS array does not say how many .*auto\/16\.$/],
    ['auto/16', { PBS_ARRAY_INDEX: '0' }, /says job 0 of 16 in PBS_ARRAY_INDEX/],
    ['auto', { LSB_JOBINDEX: '3' }, /does not say in LSB_JOBINDEX_END how many/],
    ['auto', { LSB_JOBINDEX: '0', LSB_JOBINDEX_END: '0' }, /^--shard auto finds none of/],
    ['auto', { SGE_TASK_ID: 'undefined' }, /^--shard auto finds none of/],
    [
      'auto',
      { ...sge, SGE_TASK_ID: '5', SGE_TASK_FIRST: '5', SGE_TASK_LAST: '5' },
      /in SGE_TASK_FIRST that it starts at 5/,
    ],
    ['auto', { ...gitlab, CI_NODE_INDEX: '0' }, /says job 0 of 16 in CI_NODE_INDEX/],
    ['auto', { ...cloudRun, CLOUD_RUN_TASK_INDEX: '16' }, /says job 16 of 16/],
    ['auto', { ...google, BATCH_TASK_COUNT: '' }, /does not say in BATCH_TASK_COUNT/],
    // A job of one engine that another has started inherits its variables, and nothing says which is meant.
    ['auto', { ...slurm, ...gitlab }, /several job arrays at once \(SLURM_ARRAY_TASK_ID, CI_NODE_INDEX\); .*3\/16\.$/],
    ['auto/16', { ...kubernetes, ...batch }, /several job arrays at once/],
    ['auto/0', kubernetes, /Expected a part such as 3\/16/],
    ['AUTO', kubernetes, /Expected a part such as 3\/16/],
  ])('is refused where the environment does not give it: %s in %j', (text, environment, about) => {
    expect(() => parseShard(text, environment)).toThrow(about);
  });
});
