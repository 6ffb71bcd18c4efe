import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { openSource, sources } from '../../src/run/sources/index.js';
import { openS3 } from '../../src/s3/client.js';
import { gapcam } from '../helpers/command.js';
import { hasMoto, type Moto, startMoto } from '../helpers/moto.js';
import { fixture } from '../helpers/repository.js';
import { foundByBoto, killed, PHOTOS, stormy } from './bucket.js';
import type { Finding } from './finding.js';

const MISSING = "not tried: pip install 'moto[server]' boto3";

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

/** Photos with odd keys in a bucket of a server that others wrote, listed and read. */
export const oddKeys = async (count: number): Promise<Finding> => {
  const what = `${count} odd keys of a bucket, listed and read`;
  const limit = 'each read once, under a name of its own';
  if (!hasMoto()) return { what, limit, found: MISSING, holds: false };
  const keys = keysOf(count);
  const moto = await startMoto(keys);
  Object.assign(process.env, moto.environment);
  try {
    const wrong = await readAll(keys);
    const found = wrong.length === 0 ? 'all' : wrong.slice(0, 5).join('; ');
    return { what, limit, found, holds: wrong.length === 0 };
  } finally {
    moto.close();
  }
};

/** Puts photos into the bucket, by the names of which some are odd. */
const putPhotos = async (): Promise<void> => {
  const s3 = await openS3('bucket');
  const kinds = ['astronaut', 'cat', 'coffee', 'rocket'].map((name) => readFileSync(fixture('photos', `${name}.jpg`)));
  for (let i = 0; i < PHOTOS; i++) {
    const [part] = [parts[i % parts.length]];
    await s3.put(`photos/${part}/${i}.jpg`, kinds[i % kinds.length]);
  }
};

const tried = async (moto: Moto, kills: number): Promise<readonly [damage: string[], requests: number]> => {
  await putPhotos();
  const run = (output: string) => ['s3://bucket/photos/', '-m', 'nin-cifar10', '-q', '-o', `s3://bucket/${output}`];
  const { code, stderr } = await gapcam(run('undisturbed'), { environment: moto.environment });
  const damage = code === 0 ? [] : [`exit code ${code} undisturbed: ${stderr}`];
  const boto = await foundByBoto(moto);
  if (boto !== PHOTOS) damage.push(`boto3 reads ${boto} pictures of ${PHOTOS}`);
  damage.push(...(await killed(moto, run, kills, 2 * PHOTOS + 40)));
  const storm = await stormy(moto, run);
  damage.push(...storm.damage);
  return [damage, storm.requests];
};

/** Runs over photos of a bucket into the same, of a server that others wrote. */
export const fromBucket = async (kills: number): Promise<Finding> => {
  const what = `runs over photos of a bucket: ${kills} killed by kill -9, one through storms of failures`;
  const limit = 'each photo once, pictures of an undisturbed run';
  if (!hasMoto()) return { what, limit, found: MISSING, holds: false };
  const moto = await startMoto();
  Object.assign(process.env, moto.environment);
  try {
    const [damage, requests] = await tried(moto, kills);
    const found = damage.length === 0 ? 'no damage' : damage.slice(0, 5).join('; ');
    return { what, limit, found: `${found}; ${requests} requests in the storm`, holds: damage.length === 0 };
  } finally {
    moto.close();
  }
};
