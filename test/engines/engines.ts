import { awsBatch } from './aws-batch.js';
import { image } from './image.js';
import { packed } from './packed.js';
import { ray } from './ray.js';
import { kubernetes } from './schemas.js';
import { slurm } from './slurm.js';
import { spark } from './spark.js';
import type { Outcome } from './trial.js';

const engines: Readonly<Record<string, () => Promise<Outcome>>> = {
  spark,
  ray,
  slurm,
  kubernetes,
  awsBatch,
  image,
  packed,
};

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in engines));
if (unknown !== undefined)
  throw new Error(`There is no engine ${unknown}; there are ${Object.keys(engines).join(', ')}.`);

console.log('| | engine | what was seen | seconds |\n|---|---|---|---|');
const skipped: string[] = [];
for (const name of named.length > 0 ? named : Object.keys(engines)) {
  const start = performance.now();
  const outcome = await engines[name]();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if ('skipped' in outcome) {
    skipped.push(`${name}: ${outcome.skipped}`);
    console.log(`| SKIPPED | ${name} | ${outcome.skipped} | |`);
    continue;
  }
  const { found, faults } = outcome;
  console.log(`| ${faults.length === 0 ? 'holds' : 'FAILS'} | ${name} | ${found} | ${seconds} |`);
  for (const fault of faults.slice(0, 10)) console.log(`\n${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
for (const line of skipped) console.error(`NOT TRIED: ${line}`);
