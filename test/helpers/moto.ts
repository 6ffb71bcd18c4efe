import { spawn, spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { type BucketServer, behindProxy, freePort } from './bucket-server.js';

/** Whether Python has it. */
export const hasMoto = (): boolean => spawnSync('python3', ['-c', 'import moto.server']).status === 0;

// Keys are put in where the server keeps them: thousands of requests would take minutes.
const SERVER = `import json, sys, threading
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.s3.models import s3_backends
from moto.core import DEFAULT_ACCOUNT_ID
backend = s3_backends[DEFAULT_ACCOUNT_ID]['aws']
backend.create_bucket('bucket', 'us-east-1')
for key in json.load(sys.stdin): backend.put_object('bucket', key, key.encode())
ThreadedMotoServer(ip_address='127.0.0.1', port=int(sys.argv[1])).start()
threading.Event().wait()`;

/**
 * Starts moto's S3 server (PyPI moto[server]) with a bucket "bucket". It takes any signature.
 * @param objects keys of objects in it, each of which holds its own key.
 */
export const startMoto = async (objects: readonly string[] = []): Promise<BucketServer> => {
  const port = await freePort();
  const python = spawn('python3', ['-c', SERVER, String(port)], { stdio: ['pipe', 'ignore', 'ignore'] });
  python.stdin?.end(JSON.stringify(objects));
  const ask = () => fetch(`http://127.0.0.1:${port}/bucket?max-keys=1`).catch(() => undefined);
  while ((await ask())?.ok !== true) {
    if (python.exitCode !== null) throw new Error('moto ended as it started.');
    await setTimeout(100);
  }
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'topsecret' };
  return behindProxy(port, keys, () => python.kill());
};
