import { spawn, spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Moto's S3 server (PyPI moto[server]), which others wrote, behind a proxy that fails as it is told. */
export interface Moto {
  /** Environment of a client. */
  readonly environment: Readonly<Record<string, string>>;
  /** Address of the proxy. */
  readonly endpoint: string;
  /** Called for each request: whether it is answered with 503, its body is cut, or its answer lost. */
  fault: (count: number, method: string, path: string) => 'busy' | 'cut' | 'lost' | undefined;
  readonly close: () => void;
}

/** Whether Python has it. */
export const hasMoto = (): boolean => spawnSync('python3', ['-c', 'import moto.server']).status === 0;

const SLOW_DOWN = '<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>';

const portOf = (server: ReturnType<typeof createServer>): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  return port;
};

const forward = (port: number, from: IncomingMessage, to: ServerResponse, fault: ReturnType<Moto['fault']>): void => {
  const { method, url: path, headers } = from;
  const onward = request({ port, method, path, headers }, (answer) => {
    if (fault === 'lost') {
      to.destroy();
      answer.resume();
      return;
    }
    to.writeHead(answer.statusCode ?? 500, answer.headers);
    if (fault === 'cut') answer.once('data', (piece: Buffer) => to.write(piece.subarray(0, 9), () => to.destroy()));
    else answer.pipe(to);
    answer.once('end', () => to.end());
  });
  onward.on('error', () => to.destroy());
  from.pipe(onward);
};

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

/** Starts moto with a bucket "bucket". @param keys of objects in it, each of which holds its own key. */
export const startMoto = async (keys: readonly string[] = []): Promise<Moto> => {
  const port = await freePort();
  const python = spawn('python3', ['-c', SERVER, String(port)], { stdio: ['pipe', 'ignore', 'ignore'] });
  python.stdin?.end(JSON.stringify(keys));
  const ask = () => fetch(`http://127.0.0.1:${port}/bucket?max-keys=1`).catch(() => undefined);
  while ((await ask())?.ok !== true) {
    if (python.exitCode !== null) throw new Error('moto ended as it started.');
    await setTimeout(100);
  }
  let count = 0;
  const proxy = createServer((from, to) => {
    const fault = moto.fault(++count, from.method ?? '', decodeURIComponent(from.url ?? ''));
    if (fault !== 'busy') return forward(port, from, to, fault);
    from.resume();
    to.writeHead(503).end(SLOW_DOWN);
  });
  const endpoint = `http://127.0.0.1:${await portOf(proxy)}`;
  const moto: Moto = {
    endpoint,
    environment: { AWS_ENDPOINT_URL_S3: endpoint, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'topsecret' },
    fault: () => undefined,
    close: () => {
      proxy.close();
      proxy.closeAllConnections();
      python.kill();
    },
  };
  return moto;
};
