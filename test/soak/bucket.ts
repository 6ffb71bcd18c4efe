import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openS3 } from '../../src/s3/client.js';
import { gapcam, start } from '../helpers/command.js';
import { hasMoto, type Moto, startMoto } from '../helpers/moto.js';
import type { Finding } from './finding.js';
import { inFolder, manyPhotos } from './folder.js';

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
export const killed = async (
  moto: Moto,
  run: (output: string) => readonly string[],
  kills: number,
  most = PHOTOS + 40,
): Promise<string[]> => {
  const damage: string[] = [];
  for (let i = 0; i < kills; i++) {
    const output = `killed-${i}`;
    const victim = start(run(output), { environment: moto.environment });
    let requests = 0;
    const last = Math.ceil((Math.random() * most * (i + 1)) / kills) + 1;
    moto.fault = () => {
      if (++requests === last) victim.child.kill('SIGKILL');
      return undefined;
    };
    await victim.outcome;
    moto.fault = () => undefined;
    const { code, stderr } = await gapcam(run(output), { environment: moto.environment });
    if (code !== 0) damage.push(`exit code ${code}: ${stderr}`);
    damage.push(...(await differences(output, 'undisturbed')));
  }
  return damage;
};

/** A run through storms of 503 and cut or lost answers. @returns what went wrong, and the requests it took. */
export const stormy = async (moto: Moto, run: (output: string) => readonly string[]) => {
  let requests = 0;
  moto.fault = (count) => {
    requests++;
    const calm = Math.floor(count / 25) % 2 === 0;
    return calm ? undefined : (['busy', 'busy', 'cut', 'lost', undefined] as const)[count % 5];
  };
  const { code, stderr } = await gapcam(run('stormy'), { environment: moto.environment });
  moto.fault = () => undefined;
  const damage = await differences('stormy', 'undisturbed');
  if (code !== 0) damage.push(`exit code ${code}: ${stderr}`);
  return { damage, requests };
};

/** What another client finds in the run: pictures by boto3, which wrote none of them. */
export const foundByBoto = async ({ endpoint, environment }: Moto): Promise<number> => {
  const script = `import boto3,sys
c=boto3.client('s3',endpoint_url=sys.argv[1],region_name='us-east-1')
p=[o for g in c.get_paginator('list_objects_v2').paginate(Bucket='bucket',Prefix='undisturbed/') for o in g.get('Contents',[])]
print(sum(o['Key'].endswith('.jpg') and c.get_object(Bucket='bucket',Key=o['Key'])['Body'].read()[:2]==b'\\xff\\xd8' for o in p))`;
  // Not synchronously: the proxy is in this process.
  const { stdout } = await promisify(execFile)('python3', ['-c', script, endpoint], {
    env: { ...process.env, ...environment },
  });
  return Number(stdout);
};

/** Runs into a bucket of a server that others wrote. */
export const intoBucket = (kills: number): Promise<Finding> =>
  inFolder(async (folder) => {
    const what = `runs into a bucket: ${kills} killed by kill -9, one through storms of failures`;
    const limit = 'each photo once, pictures of an undisturbed run';
    if (!hasMoto()) return { what, limit, found: "not tried: pip install 'moto[server]' boto3", holds: false };
    const moto = await startMoto();
    Object.assign(process.env, moto.environment);
    try {
      const photos = manyPhotos(folder, PHOTOS);
      const run = (output: string) => [photos, '-m', 'nin-cifar10', '-q', '-o', `s3://bucket/${output}`];
      const { code } = await gapcam(run('undisturbed'), { environment: moto.environment });
      const damage = code === 0 ? [] : [`exit code ${code} undisturbed`];
      const boto = await foundByBoto(moto);
      if (boto !== PHOTOS) damage.push(`boto3 reads ${boto} pictures of ${PHOTOS}`);
      damage.push(...(await killed(moto, run, kills)));
      const storm = await stormy(moto, run);
      damage.push(...storm.damage);
      const found = damage.length === 0 ? 'no damage' : damage.slice(0, 5).join('; ');
      return { what, limit, found: `${found}; ${storm.requests} requests in the storm`, holds: damage.length === 0 };
    } finally {
      moto.close();
    }
  });
