import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of buckets that others wrote, with a bucket "bucket", behind a proxy that fails as it is told. */
export interface BucketServer {
  /** Environment of a client. */
  readonly environment: Readonly<Record<string, string>>;
  /** Address of the proxy. */
  readonly endpoint: string;
  /** Called for each request: whether it is answered with 503, its body is cut, or its answer lost. */
  fault: (count: number, method: string, path: string) => 'busy' | 'cut' | 'lost' | undefined;
  readonly close: () => void;
}

const SLOW_DOWN = '<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>';

const portOf = (server: ReturnType<typeof createServer>): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** A port of this machine that nothing listens on. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  return port;
};

const forward = (
  port: number,
  from: IncomingMessage,
  to: ServerResponse,
  fault: ReturnType<BucketServer['fault']>,
): void => {
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

/** @param port of the server. @param keys in the environment of its clients. @param stop ends the server. */
export const behindProxy = async (
  port: number,
  keys: Readonly<Record<string, string>>,
  stop: () => void,
): Promise<BucketServer> => {
  let count = 0;
  const proxy = createServer((from, to) => {
    const fault = server.fault(++count, from.method ?? '', decodeURIComponent(from.url ?? ''));
    if (fault !== 'busy') return forward(port, from, to, fault);
    from.resume();
    to.writeHead(503).end(SLOW_DOWN);
  });
  const endpoint = `http://127.0.0.1:${await portOf(proxy)}`;
  const server: BucketServer = {
    endpoint,
    environment: { AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: 'us-east-1', ...keys },
    fault: () => undefined,
    close: () => {
      proxy.close();
      proxy.closeAllConnections();
      stop();
    },
  };
  return server;
};
