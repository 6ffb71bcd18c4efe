import { expect, it } from 'vitest';
import { newOutage, patience, withPatience } from '../../src/s3/patience.js';

const [SECOND, MINUTE] = [1000, 60_000];

/** Asks a service that is busy until then. @returns the answer or the error's code, when, and after how many tries. */
const asked = async (until: number, outage = newOutage(), name = 'SlowDown') => {
  let [tries, now] = [0, 0];
  // Only pauses move it.
  const clock = {
    now: () => now,
    pause: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const work = async () => {
    tries++;
    if (now < until)
      throw name === 'SlowDown'
        ? Object.assign(new Error(), { name, $metadata: { httpStatusCode: 503 } })
        : Object.assign(new Error(), { code: name });
    return 'done';
  };
  const place = { bucket: 'bucket', key: 'key' };
  const trying = { patience, outage, action: 'read', place, isAnswer: () => false };
  const found = await withPatience(work, trying, clock).catch(({ code, message }) => ({ code, message }));
  return { found, at: now, tries };
};

it('waits for a bucket that fails for a minute, or for nine, and asks it ever more seldom', async () => {
  for (const minutes of [1, 9]) {
    const { found, at, tries } = await asked(minutes * MINUTE);
    expect(found).toBe('done');
    expect(at).toBeLessThan(minutes * MINUTE + 20 * SECOND);
    expect(tries).toBeLessThan(10 + minutes * 6);
  }
});

it('gives up one that fails for ten minutes, and says that the same command goes on', async () => {
  const { found, at } = await asked(11 * MINUTE);
  expect(found).toMatchObject({
    code: 'bucket-unreachable',
    message: expect.stringMatching(/for (9|10) minutes .*SlowDown.* the same command goes on/),
  });
  expect(at).toBeGreaterThan(10 * MINUTE - 20 * SECOND);
  expect(at).toBeLessThanOrEqual(10 * MINUTE);
});

it('waits for it once, whatever number of requests meet the failure', async () => {
  const outage = newOutage();
  await asked(Number.POSITIVE_INFINITY, outage);
  const { tries, found } = await asked(Number.POSITIVE_INFINITY, outage);
  expect(found).toMatchObject({ code: 'bucket-unreachable' });
  expect(tries).toBe(1);
  expect((await asked(0, outage)).found).toBe('done');
  expect(outage).toEqual({ ...newOutage(), hasAnswered: true });
});

it('waits a minute and a half for a service that was never reached, since its address may be wrong, and ten for one that was', async () => {
  expect((await asked(MINUTE, newOutage(), 'ECONNREFUSED')).found).toBe('done');
  const { found, at } = await asked(2 * MINUTE, newOutage(), 'ECONNREFUSED');
  expect(found).toMatchObject({ message: expect.stringMatching(/ECONNREFUSED.*Check AWS_ENDPOINT_URL/) });
  expect(at).toBeLessThanOrEqual(90 * SECOND);
  expect((await asked(9 * MINUTE, { ...newOutage(), hasAnswered: true }, 'ECONNREFUSED')).found).toBe('done');
});
