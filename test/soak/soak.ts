import { tellsChildren } from '../helpers/processes.js';
import type { Finding } from './finding.js';
import { memoryOfLarge, memoryOfMany } from './memory.js';
import { fullDisk, killedRuns, killedWorkers, poisoned } from './trouble.js';

if (!tellsChildren) throw new Error('The long tests watch processes, which this system does not show in /proc.');

const tests: readonly (() => Promise<Finding>)[] = [
  memoryOfLarge,
  () => killedRuns(20),
  () => killedWorkers(20),
  () => poisoned(200),
  fullDisk,
  () => memoryOfMany(10_000),
];

console.log('| | test | found | limit |\n|---|---|---|---|');
for (const test of tests) {
  const { what, found, limit, holds } = await test();
  console.log(`| ${holds ? 'holds' : 'FAILS'} | ${what} | ${found} | ${limit} |`);
  if (!holds) process.exitCode = 1;
}
