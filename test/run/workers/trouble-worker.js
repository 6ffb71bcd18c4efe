// A worker that does what a photo can do to it: the pool is tried with it, as the command runs it, in real processes.
import { appendFileSync, existsSync } from 'node:fs';
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
    perform: async ({ name, trouble }, onlyWrites) => {
      most = Math.max(most, ++underWay);
      appendFileSync(log, `${name} begun, ${underWay} under way\n`);
      await troubles[trouble]({ log, onlyWrites });
      underWay--;
      return { name };
    },
  };
});
