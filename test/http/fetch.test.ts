import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchFile, httpLimits } from '../../src/http/fetch.js';
import { startWeb, type WebServer } from '../helpers/web-server.js';

// Short pauses, and as long a wait as any test.
const limits = { ...httpLimits, first: 1, longest: 4 };
const bytes = Buffer.from('the bytes of a photo');

let server: WebServer;
beforeAll(async () => {
  server = await startWeb();
});
beforeEach(() => {
  server.instead = () => false;
  server.parts = true;
  server.requests.length = 0;
  server.files.set('/a b.jpg', bytes);
});
afterAll(() => server.close());

const from = (path = '/a%20b.jpg', allowLocal = true) => ({ url: `${server.origin}${path}`, allowLocal });
const fetched = (path?: string, more = limits, most = 2 ** 30) => fetchFile(from(path), most, undefined, more);

describe('a file of a web server', () => {
  it('comes whole and in parts, with what tells its state', async () => {
    const facts = { size: 20, etag: expect.stringMatching(/^[0-9a-f]{32}$/), modified: Date.UTC(2015, 9, 21, 7, 28) };
    expect(await fetched()).toEqual({ ...facts, bytes });
    const part = (start: number, length: number) => fetchFile(from(), 99, { start, length }, limits);
    expect(await part(4, 5)).toEqual({ ...facts, bytes: Buffer.from('bytes') });
    expect(await part(15, 50)).toEqual({ ...facts, bytes: Buffer.from('photo') });
    for (const start of [20, 21, 0]) expect(await part(start, 0)).toEqual({ ...facts, bytes: Buffer.alloc(0) });
    expect((await part(20, 5)).bytes).toHaveLength(0);
  });

  it('is asked for as it is, without a proxy, and not packed', async () => {
    const headers: unknown[] = [];
    server.instead = (request) => {
      headers.push(request.headers['accept-encoding']);
      return false;
    };
    process.env.http_proxy = 'http://127.0.0.1:9';
    await fetched().finally(() => delete process.env.http_proxy);
    expect(headers).toEqual(['identity']);
    server.instead = (_, response) => !!response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    await expect(fetched()).rejects.toThrow(/packs what it sends \(gzip\)/);
  });

  it('is found out to be in no parts, of which nothing is read', async () => {
    server.parts = false;
    const reading = fetchFile(from(), 99, { start: 2, length: 3 }, limits);
    await expect(reading).rejects.toThrow(
      /sends no parts of a file, by which archives are read; fetch the archive first/,
    );
    expect(await fetchFile(from(), 99, { start: 0, length: 0 }, limits)).toMatchObject({ size: 20 });
  });
});

describe('a hostile server', () => {
  it('cannot send more than the limit, whatever it announces', async () => {
    expect((await fetched(undefined, limits, 20)).bytes).toEqual(bytes);
    await expect(fetched(undefined, limits, 19)).rejects.toMatchObject({ code: 'too-large' });
    let sent = 0;
    server.instead = (_, response) => {
      // Without an end, and without a size.
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(2 ** 16))) sent += 2 ** 16;
      };
      response.on('drain', more).writeHead(200);
      more();
      return true;
    };
    await expect(fetched(undefined, limits, 2 ** 20)).rejects.toMatchObject({ code: 'too-large' });
    expect(sent).toBeLessThan(2 ** 26);
    expect(server.requests).toHaveLength(3);
  });

  it('that lies about parts gives none', async () => {
    server.instead = (_, response) => !!response.writeHead(206, { 'content-range': 'bytes 5-9/20' }).end('bytes');
    await expect(fetchFile(from(), 99, { start: 4, length: 5 }, limits)).rejects.toThrow(/no parts/);
    server.instead = (_, response) =>
      !!response.writeHead(206, { 'content-range': 'bytes 4-8/20' }).end('too many bytes');
    await expect(fetchFile(from(), 99, { start: 4, length: 5 }, limits)).rejects.toThrow(/no parts/);
  });

  it('that stops in the midst is given up, and so is one that sends too slowly', async () => {
    server.instead = (_, response) => {
      response.writeHead(200, { 'content-length': 20 });
      response.write('the');
      return true;
    };
    await expect(fetched(undefined, { ...limits, stall: 20, tries: 2 })).rejects.toThrow(
      /did not answer as it should, asked 2 times \(nothing came for 0\.02 s\); give the command again later\.$/,
    );
    // A byte now and then keeps it from standing still.
    server.instead = () => false;
    await expect(fetched(undefined, { ...limits, grace: 0, slowest: 1e12, tries: 1 })).rejects.toThrow(
      /came too slowly/,
    );
    expect(server.requests).toHaveLength(3);
  });

  it('that never answers is given up', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const reading = fetchFile({ url: `http://127.0.0.1:${port}/`, allowLocal: true }, 9, undefined, {
      ...limits,
      ...{ answer: 20, tries: 2 },
    });
    await expect(reading).rejects.toThrow(/asked 2 times \(no answer in 0\.02 s\)/);
    silent.close();
  });
});

describe('redirects', () => {
  const leadTo = (...targets: string[]) => {
    server.instead = ({ url }, response) => {
      const step = Number(url?.slice(1));
      const target = Number.isNaN(step) ? undefined : targets[step];
      return target !== undefined && !!response.writeHead(302, { location: target }).end('elsewhere');
    };
  };

  it('are followed five times, and not a sixth', async () => {
    leadTo('/1', '2', '/3', '/4', '/a%20b.jpg');
    expect((await fetched('/0')).bytes).toEqual(bytes);
    leadTo('/1', '/2', '/3', '/4', '/5', '/a%20b.jpg');
    await expect(fetched('/0')).rejects.toThrow('It is redirected more than 5 times.');
    leadTo('/0');
    await expect(fetched('/0')).rejects.toThrow(/more than 5 times/);
  });

  it.each([
    ['file:///etc/passwd', /an address of file:\/\//],
    ['ftp://host/a.jpg', /an address of ftp:\/\//],
    ['http://me:topsecret@host/a.jpg', /with a user name in it/],
    ['http://[', /not where to/],
    ['', /not where to|more than 5/],
  ])('to %s are not followed', async (target, about) => {
    leadTo(target);
    const reading = fetched('/0');
    await expect(reading).rejects.toThrow(about);
    await expect(reading).rejects.not.toThrow(/topsecret/);
  });
});

describe('addresses of this machine', () => {
  const refused = /is this machine, or one of a private network/;

  it.each(['127.0.0.1', '127.1', '2130706433', '0x7f000001', '[::1]', '[::ffff:127.0.0.1]', 'localhost', '0.0.0.0'])(
    'are not fetched from, however they are written: %s',
    async (host) => {
      const { port } = new URL(server.origin);
      const url = `http://${host}:${port}/a%20b.jpg`;
      await expect(fetchFile({ url, allowLocal: false }, 99, undefined, limits)).rejects.toThrow(refused);
      expect(server.requests).toEqual([]);
    },
  );

  it('are not fetched from over a connection that an allowed request left open', async () => {
    await fetched();
    await expect(fetchFile(from(undefined, false), 99, undefined, limits)).rejects.toThrow(refused);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a server that fails', () => {
  it.each([429, 500, 503])('with status %i is asked again, and is given up after so many times', async (status) => {
    server.instead = (_, response, count) => count < 3 && !!response.writeHead(status, { 'retry-after': '0' }).end();
    expect((await fetched()).bytes).toEqual(bytes);
    expect(server.requests).toHaveLength(3);
    server.instead = (_, response) => !!response.writeHead(status).end();
    await expect(fetched()).rejects.toThrow(`asked 6 times (status ${status}); give the command again later.`);
    expect(server.requests).toHaveLength(9);
  });

  it('by cutting what it sends is asked again, and no part is taken for the whole', async () => {
    const cut = (chunked: boolean) => {
      server.requests.length = 0;
      server.instead = (_, response, count) => {
        if (count > 2) return false;
        response.writeHead(200, chunked ? {} : { 'content-length': 20 });
        response.write('the bytes', () => response.destroy());
        return true;
      };
    };
    for (const chunked of [false, true]) {
      cut(chunked);
      expect((await fetched()).bytes).toEqual(bytes);
      expect(server.requests).toHaveLength(3);
    }
  });

  it.each([
    [404, 'missing', /no such file \(status 404\)\.$/],
    [410, 'missing', /no such file/],
    [403, 'unreadable', /refuses to send it \(status 403\); the address may need a signature, or a new one\.$/],
    [400, 'unreadable', /does not send it \(status 400\)/],
    [204, 'unreadable', /does not send it \(status 204\)/],
  ])('with status %i is not asked again', async (status, code, about) => {
    server.instead = (_, response) => !!response.writeHead(status).end();
    const reading = fetched('/a.jpg?sig=topsecret');
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(about) });
    await expect(reading).rejects.not.toThrow(/topsecret/);
    expect(server.requests).toHaveLength(1);
  });

  it('by not being there is named', async () => {
    const reading = fetchFile({ url: 'http://no.invalid/a.jpg', allowLocal: true }, 9, undefined, {
      ...limits,
      tries: 1,
    });
    await expect(reading).rejects.toThrow(/no\.invalid/);
  });
});
