import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openS3 } from '../../src/s3/client.js';
import { bucketAt } from '../../src/stores/bucket/bucket.js';
import type { BucketServer } from '../helpers/bucket-server.js';
import { gapcam, start } from '../helpers/command.js';
import type { Finding } from './finding.js';
import { inFolder, manyPhotos } from './folder.js';
import { packed, packedDifferences, replaceOne } from './packed.js';
import { onServer, type Server, type Tried } from './servers.js';

const PHOTOS = 60;

/** A run of the bucket as a folder. */
const fetched = async (output: string, folder: string): Promise<string> => {
  const to = join(folder, output);
  const s3 = await openS3('bucket');
  for await (const { key } of s3.list(`${output}/pictures/`)) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), (await s3.get(key)).bytes);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of bucketAt(`s3://bucket/${output}`).read('manifest.jsonl')) pieces.push(piece);
  writeFileSync(join(to, 'manifest.jsonl'), Buffer.concat(pieces));
  return to;
};

/** Kills a run as its n-th request arrives. @param most requests that it makes, about. */
const killOne = async (server: BucketServer, args: readonly string[], most: number): Promise<void> => {
  const victim = start(args, { environment: server.environment });
  const last = Math.ceil(Math.random() * most) + 1;
  let requests = 0;
  server.fault = () => {
    if (++requests === last) victim.child.kill('SIGKILL');
    return undefined;
  };
  await victim.outcome;
  server.fault = () => undefined;
};

const tried = async (server: BucketServer, folder: string, kills: number): Promise<Tried> => {
  const photos = manyPhotos(folder, PHOTOS);
  const run = (output: string) => [photos, ...packed, '-q', '-o', `s3://bucket/${output}`];
  const damage: string[] = [];
  let changes = 0;
  for (let i = 0; i < kills; i++) {
    await killOne(server, run('packed'), 60);
    if (i % 3 === 0 && ++changes > 0) replaceOne(photos);
  }
  for (const output of ['packed', 'undisturbed']) {
    const { code, stderr } = await gapcam(run(output), { environment: server.environment });
    if (code !== 0) damage.push(`exit code ${code}: ${stderr}`);
  }
  const undisturbed = await fetched('undisturbed', folder);
  damage.push(...(await packedDifferences(await fetched('packed', folder), undisturbed)));
  const merge = (parts: readonly string[], output: string) => [
    'merge',
    ...parts.map((part) => `s3://bucket/${part}`),
    '-o',
    `s3://bucket/${output}`,
  ];
  const shards = ['shards/1-of-2', 'shards/2-of-2'];
  for (const index of [1, 2])
    await gapcam([...run('shards'), '--shard', `${index}/2`], { environment: server.environment });
  for (let i = 0; i < kills; i++) await killOne(server, merge(shards, 'merged'), 60);
  const { code, stderr } = await gapcam(merge(shards, 'merged'), { environment: server.environment });
  if (code !== 0) damage.push(`exit code ${code}: ${stderr}`);
  damage.push(...(await packedDifferences(await fetched('merged', folder), undisturbed)));
  return { damage, notes: [`${changes} photos changed in between`] };
};

/** Packed runs into a bucket, and merges of them, killed again and again. */
export const packedIntoBucket = (kills: number, server: Server): Promise<Finding> => {
  const what = `packed runs into a bucket, and merges of two: ${kills} of each killed by kill -9`;
  const limit = 'each photo once, in tars and tables of an undisturbed run';
  return inFolder((folder) => onServer(server, { what, limit }, (opened) => tried(opened, folder, kills)));
};
