import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { toText } from '../../src/results/line.js';
import { type RunPlan, runPhotos } from '../../src/run/run.js';
import { openSource } from '../../src/run/sources/index.js';
import { STANDARD_INPUT } from '../../src/run/sources/standard-input.js';
import { newTally } from '../../src/run/tally.js';
import { NOWHERE } from '../../src/stores/none.js';
import { lineOf, settingsFor } from '../helpers/reports.js';

/** Standard input without an end: photos and lines that are none, by turns. */
const endlessInput = () => {
  const given = { lines: 0 };
  const stdin = new Readable({
    highWaterMark: 1,
    read() {
      this.push(given.lines++ % 2 === 0 ? '\n' : 'cat.jpg\n');
    },
  });
  return { stdin, given };
};

it('a pipe reads no further lines while nobody takes its answers, those of lines that are no photos neither', async () => {
  const { stdin, given } = endlessInput();
  const ending = new AbortController();
  let [answers, taken] = [0, () => {}];
  const { model, head, classes } = settingsFor(['cat']) as { model: object; head: object; classes: string[] };
  const running = runPhotos({
    model: { ...model, head, labels: { origin: 'a test' }, input: {} } as unknown as RunPlan['model'],
    classes,
    options: {} as RunPlan['options'],
    folder: process.cwd(),
    output: NOWHERE,
    shard: undefined,
    pack: false,
    pool: {
      handed: new Promise(() => {}),
      run: async ({ photo }) => ({ line: toText(lineOf({ photo, classes: [0] }, ['cat'])) }),
      capacity: async () => {},
      forgetWaiting: () => {},
      close: () => {},
    },
    photos: openSource({ inputs: [STANDARD_INPUT], output: NOWHERE, stdin, eachLine: true }),
    overwrite: false,
    signal: ending.signal,
    // The reader takes the first ten answers and then none.
    ready: () => (answers < 10 ? Promise.resolve() : new Promise((resolve) => (taken = resolve))),
    onLine: () => void answers++,
    tally: newTally(),
  });
  for (let i = 0; i < 1000; i++) await setImmediate();
  expect(answers).toBeGreaterThanOrEqual(10);
  expect(answers).toBeLessThan(15);
  expect(given.lines).toBeLessThan(20);
  ending.abort();
  taken();
  await running;
});
