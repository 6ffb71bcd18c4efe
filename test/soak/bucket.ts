import { openS3 } from '../../src/s3/client.js';
import type { BucketServer } from '../helpers/bucket-server.js';
import { gapcam, start } from '../helpers/command.js';
import type { Finding } from './finding.js';
import { inFolder, manyPhotos } from './folder.js';
import { readByOthers } from './other-clients.js';
import { onServer, type Server, type Tried } from './servers.js';

export const PHOTOS = 60;

/** What lies in a run: etags of pictures by name, and the photos of all lines. */
const resultsIn = async (output: string) => {
  const s3 = await openS3('bucket');
  const pictures = new Map<string, string>();
  const photos: string[] = [];
  for await (const { key, etag } of s3.list(`${output}/`)) {
    const name = key.slice(output.length + 1);
    if (name.endsWith('.jpg')) pictures.set(name, etag);
    if (!name.startsWith('manifest')) continue;
    for (const line of (await s3.get(key)).bytes.toString().trimEnd().split('\n')) photos.push(JSON.parse(line).photo);
  }
  return { pictures: [...pictures].sort().join('\n'), photos: photos.sort().join('\n'), count: photos.length };
};

const differences = async (output: string, undisturbed: string): Promise<string[]> => {
  const [found, expected] = [await resultsIn(output), await resultsIn(undisturbed)];
  return [
    ...(found.pictures === expected.pictures ? [] : [`${output}: other pictures`]),
    ...(found.photos === expected.photos ? [] : [`${output}: ${found.count} lines of ${expected.count}, or of others`]),
  ];
};

/**
 * Kills runs as their n-th request arrives, each into a place of its own, and lets each go on to its end.
 * @param most requests that a run makes, about.
 */
const killed = async (
  server: BucketServer,
  run: (output: string) => readonly string[],
  kills: number,
  most = PHOTOS + 40,
): Promise<string[]> => {
  const damage: string[] = [];
  for (let i = 0; i < kills; i++) {
    const output = `killed-${i}`;
    const victim = start(run(output), { environment: server.environment });
    let requests = 0;
    const last = Math.ceil((Math.random() * most * (i + 1)) / kills) + 1;
    server.fault = () => {
      if (++requests === last) victim.child.kill('SIGKILL');
      return undefined;
    };
    await victim.outcome;
    server.fault = () => undefined;
    const { code, stderr } = await gapcam(run(output), { environment: server.environment });
    if (code !== 0) damage.push(`exit code ${code}: ${stderr}`);
    damage.push(...(await differences(output, 'undisturbed')));
  }
  return damage;
};

/** A run through storms of 503 and cut or lost answers. @returns what went wrong, and the requests it took. */
const stormy = async (server: BucketServer, run: (output: string) => readonly string[]) => {
  let requests = 0;
  server.fault = (count) => {
    requests++;
    const calm = Math.floor(count / 25) % 2 === 0;
    return calm ? undefined : (['busy', 'busy', 'cut', 'lost', undefined] as const)[count % 5];
  };
  const { code, stderr } = await gapcam(run('stormy'), { environment: server.environment });
  server.fault = () => undefined;
  const damage = await differences('stormy', 'undisturbed');
  if (code !== 0) damage.push(`exit code ${code}: ${stderr}`);
  return { damage, requests };
};

/**
 * Makes a run undisturbed, which other clients read, then kills it and drives it through storms.
 * @param most requests that a run makes, about.
 */
export const undisturbedAndNot = async (
  server: BucketServer,
  run: (output: string) => readonly string[],
  kills: number,
  most?: number,
): Promise<Tried> => {
  const { code, stderr } = await gapcam(run('undisturbed'), { environment: server.environment });
  const damage = code === 0 ? [] : [`exit code ${code} undisturbed: ${stderr}`];
  const others = await readByOthers(server, 'undisturbed', PHOTOS);
  damage.push(...others.damage, ...(await killed(server, run, kills, most)));
  const storm = await stormy(server, run);
  damage.push(...storm.damage);
  return { damage, notes: [...others.notes, `${storm.requests} requests in the storm`] };
};

/** Runs into a bucket. */
export const intoBucket = (kills: number, server: Server): Promise<Finding> =>
  inFolder((folder) => {
    const what = `runs into a bucket: ${kills} killed by kill -9, one through storms of failures`;
    const limit = 'each photo once, pictures of an undisturbed run';
    const photos = manyPhotos(folder, PHOTOS);
    const run = (output: string) => [photos, '-m', 'nin-cifar10', '-q', '-o', `s3://bucket/${output}`];
    return onServer(server, { what, limit }, (opened) => undisturbedAndNot(opened, run, kills));
  });
