import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exchange } from '../../src/http/exchange.js';
import { isPublic } from '../../src/http/public.js';
import { startWeb, type WebServer } from '../helpers/web-server.js';

// One address of this machine stands in for a server of the internet.
const isAllowed = (address: string) => address === '127.0.0.2' || isPublic(address);

let secret: WebServer;
let target = '';
const hostile = createServer((_, response) => response.writeHead(302, { location: target }).end());
beforeAll(async () => {
  secret = await startWeb();
  secret.files.set('/secret', Buffer.from('of this machine'));
  await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.2', resolve));
});
afterAll(async () => {
  hostile.close();
  await secret.close();
});

const lead = (to: string) => {
  target = to;
  const url = `http://127.0.0.2:${(hostile.address() as AddressInfo).port}/cat.jpg`;
  return exchange({ url, allowLocal: false }, {}, 30_000, isAllowed);
};

it('a server of the internet that redirects to this machine gets nothing of it', async () => {
  const { port } = new URL(secret.origin);
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:7f00:1]', '169.254.169.254']) {
    await expect(lead(`http://${host}:${port}/secret`)).rejects.toThrow(/is this machine, or one of a private network/);
  }
  expect(secret.requests).toEqual([]);
});
