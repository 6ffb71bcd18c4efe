// A worker that does what a photo can do to it: the pool is tried with it, as the command runs it, in real processes.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { UsageError } from '../../../dist/errors.js';
import { serve } from '../../../dist/run/workers/serve.js';

let underWay = 0;
let most = 0;

const troubles = {
  answer: () => {},
  rest: () => setTimeout(50),
  // As a store that is far away: none is written before nine are.
  write: async ({ onlyWrites }) => {
    onlyWrites(1);
    while (most < 9) await setTimeout(5);
  },
  // As a photo that is far away: none comes before ten are asked for, and one never does.
  begin: async ({ begins }) => {
    while (most < 10) await setTimeout(5);
    begins();
  },
  wait: () => new Promise(() => {}),
  slow: () => setTimeout(800),
  // Until its process has ended, and in those after that not.
  'wait once': async ({ log, begins }) => {
    if (!readFileSync(log, 'utf8').includes('taken over')) await new Promise(() => {});
    begins();
    await setTimeout(50);
  },
  crash: () => process.kill(process.pid, 'SIGSEGV'),
  exit: () => process.exit(7),
  // As in an endless loop, nothing else is heard; but the other tests keep their core.
  hang: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  exhaust: () => {
    for (const kept = []; ; ) kept.push(new Array(1e5).fill(kept.length));
  },
  'crash once': ({ log }) => {
    if (existsSync(`${log}.crashed`)) return;
    appendFileSync(`${log}.crashed`, '');
    process.kill(process.pid, 'SIGKILL');
  },
  defect: () => {
    throw new RangeError('a fault in the worker');
  },
  'late defect': () => {
    globalThis.setTimeout(troubles.defect);
    return setTimeout(1000);
  },
  refuse: () => {
    throw new UsageError('output-unwritable', 'The disk is full.');
  },
};

serve(async ({ log, start = 'answer', startNext = 'answer' }, handed, begun) => {
  appendFileSync(log, `${handed === undefined ? 'prepared' : 'taken over'} ${process.pid}\n`);
  await begun();
  troubles[handed === undefined ? start : startNext]({ log });
  return {
    handed: { preparedBy: process.pid },
    forget: () => appendFileSync(log, 'forgotten\n'),
    perform: async ({ name, trouble }, { onlyWrites, begins }) => {
      most = Math.max(most, ++underWay);
      appendFileSync(log, `${name} begun, ${underWay} under way\n`);
      await troubles[trouble]({ log, onlyWrites, begins });
      underWay--;
      return { name };
    },
  };
});
