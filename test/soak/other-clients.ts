import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { BucketServer } from '../helpers/bucket-server.js';
import type { Tried } from './servers.js';

/** What other clients find in a run whose pictures none of them wrote. */

const run = promisify(execFile);

const BOTO = `import boto3,sys
c=boto3.client('s3',endpoint_url=sys.argv[1],region_name='us-east-1')
p=[o for g in c.get_paginator('list_objects_v2').paginate(Bucket='bucket',Prefix=sys.argv[2]+'/') for o in g.get('Contents',[])]
print(sum(o['Key'].endswith('.jpg') and c.get_object(Bucket='bucket',Key=o['Key'])['Body'].read()[:2]==b'\\xff\\xd8' for o in p))`;

type Count = (server: BucketServer, output: string) => Promise<number>;

// Not synchronously: the proxy is in this process.
const byBoto: Count = async ({ endpoint, environment }, output) => {
  const env = { ...process.env, ...environment };
  return Number((await run('python3', ['-c', BOTO, endpoint, output], { env })).stdout);
};

const byS5cmd: Count = async ({ endpoint, environment }, output) => {
  const options = { env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 };
  const s5cmd = (...args: string[]) => run('s5cmd', ['--endpoint-url', endpoint, ...args], options);
  const { stdout } = await s5cmd('ls', '--show-fullpath', `s3://bucket/${output}/*`);
  const pictures = stdout.split('\n').filter((address) => address.endsWith('.jpg'));
  let read = 0;
  for (const address of pictures) {
    const bytes = await run('s5cmd', ['--endpoint-url', endpoint, 'cat', '--raw', address], {
      ...options,
      encoding: 'buffer',
    });
    if (bytes.stdout.readUInt16BE() === 0xffd8) read++;
  }
  return read;
};

const clients: readonly (readonly [name: string, isHere: () => boolean, count: Count])[] = [
  ['boto3', () => spawnSync('python3', ['-c', 'import boto3']).status === 0, byBoto],
  ['s5cmd', () => spawnSync('s5cmd', ['version']).status === 0, byS5cmd],
];

/** Whether each client that is here reads so many pictures of a run. */
export const readByOthers = async (server: BucketServer, output: string, pictures: number): Promise<Tried> => {
  const damage: string[] = [];
  const notes: string[] = [];
  for (const [name, isHere, count] of clients) {
    if (!isHere()) {
      notes.push(`without ${name}`);
      continue;
    }
    const found = await count(server, output);
    if (found === pictures) notes.push(`${name} reads all`);
    else damage.push(`${name} reads ${found} pictures of ${pictures}`);
  }
  return { damage, notes };
};
