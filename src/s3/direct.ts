import { type IncomingMessage, Agent as PlainAgent, request as plain } from 'node:http';
import { Agent as SafeAgent, request as safe } from 'node:https';
import { crc32 } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { encodedKey, signed, type Unsigned } from './sign.js';

/**
 * Reads and writes objects by requests of Node alone, which cost half to a fifth of the SDK's on the core that explains photos. Where the
 * service is, which region it signs for and who asks is the SDK's to know: its first request that succeeds shows the way to all
 * others. What is answered in any way that the SDK may have to deal with, such as a redirect, is asked anew through it.
 */

/** Where the SDK's requests for a bucket go. */
interface Route {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  readonly host: string;
  /** What stands before the slash of a key. */
  readonly base: string;
  readonly region: string;
}

/** A request for an object. */
interface Asked extends Pick<Unsigned, 'method' | 'headers' | 'body'> {
  readonly key: string;
  readonly signal: AbortSignal;
}

/** @returns the answer, whose body is still to be read. Undefined: the SDK must be asked. @throws what `errors.ts` knows. */
export type Direct = (asked: Asked) => Promise<IncomingMessage | undefined>;

/** What the service answers in its own words. */
class Answered extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(
    override readonly name: string,
    httpStatusCode: number,
  ) {
    super(name);
    this.$metadata = { httpStatusCode };
  }
}

/** A signed request of the SDK, as far as it is read here. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Undefined: the request is signed in another way, or its address does not end in the key. */
const routeOf = ({ protocol, hostname, port, path, headers }: SdkRequest, key: string): Route | undefined => {
  const [, region] =
    /^AWS4-HMAC-SHA256 Credential=[^,]+\/([^/,]+)\/s3\/aws4_request,/.exec(headers.authorization ?? '') ?? [];
  const end = `/${encodedKey(key)}`;
  if (region === undefined || headers.host === undefined || !path.endsWith(end)) return undefined;
  return { protocol, hostname, port, host: headers.host, base: path.slice(0, -end.length), region };
};

// Connections are kept, and as many as the SDK's own.
const kept = { keepAlive: true, maxSockets: 50 };
const agents = { plain: new PlainAgent(kept), safe: new SafeAgent(kept) };

const exchange = (
  { protocol, hostname, port }: Route,
  { method, body, signal }: Asked,
  path: string,
  headers: Record<string, string>,
) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const options = { hostname, port, method, path, headers, signal };
    const sent =
      protocol === 'https:'
        ? safe({ ...options, agent: agents.safe }, resolve)
        : plain({ ...options, agent: agents.plain }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });

// Characters of an error that are read: its code is among the first.
const ERROR = 4096;

/** The service's word for what is wrong. */
const codeOf = async (answer: IncomingMessage): Promise<string | undefined> => {
  let text = '';
  for await (const piece of answer.setEncoding('utf8')) {
    text += piece;
    if (text.length > ERROR) break;
  }
  return /<Code>([A-Za-z0-9.]+)<\/Code>/.exec(text)?.[1];
};

/** Whether the SDK may find another way: a region, newer credentials, the right time; or says best what is wrong. */
const isForSdk = (status: number, code: string | undefined): boolean =>
  status < 400 || [400, 401, 403].includes(status) || (status < 500 && status !== 429 && code === undefined);

/** The checksum that AWS wants with an object where its bucket keeps all versions, unless the person turned it off. */
const checksumOf = async (client: S3Client, body: Uint8Array | undefined): Promise<Record<string, string>> => {
  if (body === undefined || (await client.config.requestChecksumCalculation()) !== 'WHEN_SUPPORTED') return {};
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return { 'x-amz-sdk-checksum-algorithm': 'CRC32', 'x-amz-checksum-crc32': sum.toString('base64') };
};

/** Direct requests beside those of a client for one bucket. */
export const directBeside = (client: S3Client): Direct => {
  let route: Route | undefined;
  client.middlewareStack.add(
    (next) => async (sent) => {
      const done = await next(sent);
      const { Key } = sent.input as { readonly Key?: string };
      if (Key !== undefined) route ??= routeOf(sent.request as SdkRequest, Key);
      return done;
    },
    { step: 'deserialize', name: 'noteRoute', priority: 'high' },
  );
  return async (asked) => {
    const way = route;
    if (way === undefined) return undefined;
    const { method, key, body } = asked;
    const path = `${way.base}/${encodedKey(key)}`;
    const headers = { ...asked.headers, ...(await checksumOf(client, body)), host: way.host };
    const now = new Date(Date.now() + client.config.systemClockOffset);
    const identity = await client.config.credentials();
    const answer = await exchange(way, asked, path, signed({ method, path, headers, body }, identity, way.region, now));
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const code = await codeOf(answer);
    if (!isForSdk(status, code)) throw new Answered(code ?? `status ${status}`, status);
    route = undefined;
    return undefined;
  };
};
