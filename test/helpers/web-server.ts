import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebServer {
  /** Its address, without a slash at the end. */
  readonly origin: string;
  /** Files by path. */
  readonly files: Map<string, Uint8Array>;
  /** Requests so far, such as "GET /a.jpg?x=1". */
  readonly requests: string[];
  /** Answers in place of the server where it returns true. @param count of the requests so far. */
  instead: (request: IncomingMessage, response: ServerResponse, count: number) => boolean;
  /** Whether parts of files are sent. */
  parts: boolean;
  /** When all files were written. */
  modified: string;
  readonly close: () => Promise<void>;
}

const etagOf = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** Starts a server of files on this machine. */
export const startWeb = async (): Promise<WebServer> => {
  const files = new Map<string, Uint8Array>();
  const requests: string[] = [];
  const listener: RequestListener = (request, response) => {
    const { url = '', method, headers } = request;
    requests.push(`${method} ${url}`);
    if (server.instead(request, response, requests.length)) return;
    const bytes = files.get(decodeURIComponent(url.split('?')[0]));
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const facts = { etag: `"${etagOf(bytes)}"`, 'last-modified': server.modified };
    const [, from, to] = (server.parts && /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')) || [];
    if (from === undefined) {
      response.writeHead(200, { ...facts, 'content-length': bytes.length }).end(bytes);
    } else if (Number(from) >= bytes.length) {
      response.writeHead(416, { ...facts, 'content-range': `bytes */${bytes.length}` }).end();
    } else {
      const part = bytes.subarray(Number(from), Number(to) + 1);
      const range = `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`;
      response.writeHead(206, { ...facts, 'content-range': range, 'content-length': part.length }).end(part);
    }
  };
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: WebServer = {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    files,
    requests,
    instead: () => false,
    parts: true,
    modified: 'Wed, 21 Oct 2015 07:28:00 GMT',
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
};
