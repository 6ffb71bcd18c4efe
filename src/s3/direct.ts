import { crc32 } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Reads and writes objects by the SDK's own signatures and connections, past all that it does around them, which costs three quarters
 * of a request on the core that explains photos. Where the service is, which region it signs for and who asks is the SDK's to
 * know: its first request that succeeds shows the way to all others. What is answered in any way that the SDK may have to deal
 * with, such as a redirect, is asked anew through it.
 */

type Handler = S3Client['config']['requestHandler'];
type Request = Parameters<Handler['handle']>[0];
type Response = Awaited<ReturnType<Handler['handle']>>['response'];

/** Where the SDK's requests for a bucket go. */
interface Route {
  /** One of them. */
  readonly request: Request;
  /** What stands before the slash of a key. */
  readonly base: string;
  readonly region: string;
}

/** A request for an object, as the SDK's commands take it. */
interface Input {
  readonly Key: string;
  readonly Body?: Uint8Array;
  readonly Metadata?: Readonly<Record<string, string>>;
  readonly Range?: string | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string;
  readonly ContentType?: string;
  readonly ContentLength?: number;
}

/** @returns the answer, whose body is still to be read. Undefined: the SDK must be asked. @throws what `errors.ts` knows. */
export type Direct = (method: 'GET' | 'PUT', input: Input, signal: AbortSignal) => Promise<Response | undefined>;

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

/** The path of a key: all is encoded but letters, digits, four marks and slashes. */
export const encodedKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** The headers that say what an input does. */
const headersOf = (input: Input): Record<string, string> => {
  const { Range, IfMatch, IfNoneMatch, ContentType, ContentLength, Metadata = {} } = input;
  const notes = Object.entries(Metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  const fields = {
    range: Range,
    'if-match': IfMatch,
    'if-none-match': IfNoneMatch,
    'content-type': ContentType,
    'content-length': ContentLength,
  };
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return Object.fromEntries([...given, ...notes]);
};

/** Undefined: the request is signed in another way, or its address does not end in the key. */
const routeOf = (request: Request, key: string): Route | undefined => {
  const [, region] =
    /^AWS4-HMAC-SHA256 Credential=[^,]+\/([^/,]+)\/s3\/aws4_request,/.exec(request.headers.authorization ?? '') ?? [];
  const end = `/${encodedKey(key)}`;
  if (region === undefined || !request.path.endsWith(end)) return undefined;
  return { request, base: request.path.slice(0, -end.length), region };
};

// Characters of an error that are read: its code is among the first.
const ERROR = 4096;

/** The service's word for what is wrong. */
const codeOf = async ({ body }: Response): Promise<string | undefined> => {
  let text = '';
  for await (const piece of body.setEncoding('utf8')) {
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
      if (Key !== undefined) route ??= routeOf(sent.request as Request, Key);
      return done;
    },
    { step: 'deserialize', name: 'noteRoute', priority: 'high' },
  );
  const { config } = client;
  return async (method, input, signal) => {
    if (route === undefined) return undefined;
    const { request, base, region } = route;
    const { host } = request.headers;
    const signer = await config.signer({ name: 'sigv4', signingName: 's3', signingRegion: region, properties: {} });
    const asked = Object.assign(request.clone(), {
      ...{ method, body: input.Body, path: `${base}/${encodedKey(input.Key)}`, query: {} },
      headers: { ...headersOf(input), ...(await checksumOf(client, input.Body)), host },
    });
    const signed = await signer.sign(asked, { signingDate: new Date(Date.now() + config.systemClockOffset) });
    const { response } = await config.requestHandler.handle(signed as Request, { abortSignal: signal });
    if (response.statusCode >= 200 && response.statusCode < 300) return response;
    const code = await codeOf(response);
    if (!isForSdk(response.statusCode, code)) {
      throw new Answered(code ?? `status ${response.statusCode}`, response.statusCode);
    }
    route = undefined;
    return undefined;
  };
};
