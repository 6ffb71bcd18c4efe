import { tellsChildren } from '../helpers/processes.js';
import { intoBucket } from './bucket.js';
import type { Finding } from './finding.js';
import { fromBucket, oddKeys } from './from-bucket.js';
import { fuzzed } from './fuzz/fuzz.js';
import { memoryOfLarge, memoryOfMany } from './memory.js';
import { killedPacked } from './packed.js';
import { packedIntoBucket } from './packed-bucket.js';
import { moto, seaweed } from './servers.js';
import { fullDisk, killedRuns, killedWorkers, poisoned } from './trouble.js';

if (!tellsChildren) throw new Error('The long tests watch processes, which this system does not show in /proc.');

const { KILLS = '20', FUZZ_MINUTES = '10', FUZZ_SEED = `${Date.now() % 1_000_000}` } = process.env;

const tests: Readonly<Record<string, () => Promise<Finding>>> = {
  large: memoryOfLarge,
  killedRuns: () => killedRuns(20),
  killedWorkers: () => killedWorkers(20),
  killedPacked: () => killedPacked(Number(KILLS)),
  poison: () => poisoned(200),
  fullDisk,
  bucket: () => intoBucket(Number(KILLS), moto),
  oddKeys: () => oddKeys(5000),
  fromBucket: () => fromBucket(Number(KILLS), moto),
  packedBucket: () => packedIntoBucket(Number(KILLS), moto),
  bucketSeaweed: () => intoBucket(Number(KILLS), seaweed),
  fromBucketSeaweed: () => fromBucket(Number(KILLS), seaweed),
  packedBucketSeaweed: () => packedIntoBucket(Number(KILLS), seaweed),
  fuzz: () => fuzzed(Number(FUZZ_MINUTES), Number(FUZZ_SEED)),
  many: () => memoryOfMany(10_000),
};

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in tests));
if (unknown !== undefined)
  throw new Error(`There is no long test ${unknown}; there are ${Object.keys(tests).join(', ')}.`);

console.log('| | test | found | limit |\n|---|---|---|---|');
for (const name of named.length > 0 ? named : Object.keys(tests)) {
  const { what, found, limit, holds } = await tests[name]();
  console.log(`| ${holds ? 'holds' : 'FAILS'} | ${what} | ${found} | ${limit} |`);
  if (!holds) process.exitCode = 1;
}
