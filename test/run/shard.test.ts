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
    ['auto/0', kubernetes, /Expected a part such as 3\/16/],
    ['AUTO', kubernetes, /Expected a part such as 3\/16/],
  ])('is refused where the environment does not give it: %s in %j', (text, environment, about) => {
    expect(() => parseShard(text, environment)).toThrow(about);
  });
});
