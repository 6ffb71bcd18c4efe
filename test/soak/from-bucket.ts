import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { openSource, sources } from '../../src/run/sources/index.js';
import { openS3 } from '../../src/s3/client.js';
import { startMoto } from '../helpers/moto.js';
import { fixture } from '../helpers/repository.js';
import { PHOTOS, undisturbedAndNot } from './bucket.js';
import type { Finding } from './finding.js';
import { moto, onServer, type Server } from './servers.js';

// What keys are made of: what addresses, XML, patterns and paths have a meaning for.
const parts = [
  'a b',
  'a+b',
  '100%',
  'a%2Fb',
  'Größe',
  'e\u0301',
  '写真',
  '..',
  '.',
  '',
  '"<&>\'',
  '*[x]?',
  '{0..9}',
  'x.tar',
  '#?&=',
];

/** Different keys, each tenth of which is that of a folder. */
const keysOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => {
    const [first, second] = [parts[i % parts.length], parts[Math.floor(i / parts.length) % parts.length]];
    return `odd/${first}/${i} ${second}${i % 10 === 9 ? '.jpg/' : '.jpg'}`;
  });

/** Reads all that is found below a beginning of keys. @returns what is wrong. */
const readAll = async (keys: readonly string[]): Promise<string[]> => {
  const request = { inputs: ['s3://bucket/odd/'], output: '/nowhere', stdin: Readable.from([]) };
  const wrong: string[] = [];
  const found = new Set<string>();
  const names = new Set<string>();
  const list = openSource(request).list(new AbortController().signal);
  const under = new Set<Promise<void>>();
  const readOne = async (photo: string, address: string, listed: unknown) => {
    const { bytes, state } = await sources.files.read(address);
    const key = Buffer.from(bytes).toString();
    if (address !== `s3://bucket/${key}`) wrong.push(`${address} has ${key}`);
    if (JSON.stringify(state) !== JSON.stringify(listed)) wrong.push(`${address} is listed in another state`);
    found.add(key);
    names.add(photo);
  };
  for await (const { photo, address, state } of list) {
    const work = readOne(photo, address, state).finally(() => under.delete(work));
    under.add(work);
    if (under.size >= 16) await Promise.race(under);
  }
  await Promise.all(under);
  const photos = keys.filter((key) => !key.endsWith('/'));
  if (found.size !== photos.length || !photos.every((key) => found.has(key))) {
    wrong.push(`${found.size} of ${photos.length} are found`);
  }
  if (names.size !== photos.length) wrong.push(`${names.size} names of ${photos.length} photos`);
  return wrong;
};

/** Photos with odd keys in a bucket, listed and read. */
export const oddKeys = (count: number): Promise<Finding> => {
  const keys = keysOf(count);
  const said = {
    what: `${count} odd keys of a bucket, listed and read`,
    limit: 'each read once, under a name of its own',
  };
  return onServer({ ...moto, start: () => startMoto(keys) }, said, async () => ({
    damage: await readAll(keys),
    notes: [],
  }));
};

/** Puts photos into the bucket, by the names of which some are odd. */
const putPhotos = async ({ hasPaths }: Server): Promise<void> => {
  const s3 = await openS3('bucket');
  const kinds = ['astronaut', 'cat', 'coffee', 'rocket'].map((name) => readFileSync(fixture('photos', `${name}.jpg`)));
  const taken = parts.filter((part) => !hasPaths || !['', '.', '..'].includes(part));
  for (let i = 0; i < PHOTOS; i++) {
    await s3.put(`photos/${taken[i % taken.length]}/${i}.jpg`, kinds[i % kinds.length]);
  }
};

/** Runs over photos of a bucket into the same. */
export const fromBucket = (kills: number, server: Server): Promise<Finding> => {
  const what = `runs over photos of a bucket: ${kills} killed by kill -9, one through storms of failures`;
  const limit = 'each photo once, pictures of an undisturbed run';
  const run = (output: string) => ['s3://bucket/photos/', '-m', 'nin-cifar10', '-q', '-o', `s3://bucket/${output}`];
  return onServer(server, { what, limit }, async (opened) => {
    await putPhotos(server);
    return undisturbedAndNot(opened, run, kills, 2 * PHOTOS + 40);
  });
};
