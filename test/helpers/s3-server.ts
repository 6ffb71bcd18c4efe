import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object as the server keeps it. */
interface Kept {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly modified: number;
  readonly notes: Readonly<Record<string, string>>;
}

/** What is done to a request instead of answering it: a status, a body that is cut, an answer that is lost, a wait in milliseconds. */
export type Fault =
  | { readonly status: number }
  | { readonly cut: true }
  | { readonly lost: true }
  | { readonly wait: number };

export interface S3Server {
  /** Its address, without a slash at the end. */
  readonly endpoint: string;
  /** Environment of a client. */
  readonly environment: Readonly<Record<string, string>>;
  /** Objects by bucket/key. */
  readonly objects: Map<string, Kept>;
  /** Requests so far, such as "PUT bucket/key". */
  readonly requests: string[];
  /** Called for each request. */
  fault: (method: string, path: string, count: number) => Fault | undefined;
  /** Whether conditions such as If-None-Match are taken no notice of. */
  lax: boolean;
  readonly close: () => Promise<void>;
}

const BUCKETS = ['bucket', 'other'];
const PAGE = 1000;
const CODES: Readonly<Record<number, string>> = { 400: 'InvalidArgument', 403: 'AccessDenied', 503: 'SlowDown' };

const encoded = (key: string): string => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');

const errorXml = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>AKIASECRET refused</Message></Error>`;

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const listXml = (objects: Map<string, Kept>, bucket: string, query: URLSearchParams): string => {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter');
  const after = query.get('continuation-token') ?? '';
  const seen = new Set<string>();
  const found = [...objects.keys()]
    .filter((path) => path.startsWith(`${bucket}/`))
    .map((path) => path.slice(bucket.length + 1))
    .filter((key) => key.startsWith(prefix))
    .sort(byBytes)
    .map((key) => {
      const slash = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
      return slash < 0 ? { key, folder: false } : { key: key.slice(0, slash + 1), folder: true };
    })
    .filter(({ key }) => !seen.has(key) && seen.add(key))
    .filter(({ key }) => after === '' || byBytes(key, after) > 0);
  const page = found.slice(0, PAGE);
  const rows = page.map(({ key, folder }) => {
    if (folder) return `<CommonPrefixes><Prefix>${encoded(key)}</Prefix></CommonPrefixes>`;
    const { bytes, etag, modified } = objects.get(`${bucket}/${key}`) as Kept;
    return `<Contents><Key>${encoded(key)}</Key><Size>${bytes.length}</Size><ETag>&quot;${etag}&quot;</ETag><LastModified>${new Date(modified).toISOString()}</LastModified></Contents>`;
  });
  const more = found.length > PAGE;
  const next = more ? `<NextContinuationToken>${encoded(page[PAGE - 1].key)}</NextContinuationToken>` : '';
  return `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${next}${rows.join('')}</ListBucketResult>`;
};

/** A body as it was sent; the SDK frames it in chunks where it signs them one by one. */
const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
};

const notesOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') ? [[name.slice(11), String(value)]] : [],
    ),
  );

/** Bucket and key. Not by URL, which takes ".." for the folder above. */
const pathOf = ({ url = '' }: IncomingMessage): string => decodeURIComponent(url.slice(1).split('?')[0]);

/** A bucket's requests, as far as the program makes them. `uploads`: the parts of uploads under way. */
const answer = async (
  { objects, uploads }: { objects: Map<string, Kept>; uploads: Map<string, Map<number, Buffer>> },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const path = pathOf(request);
  const [bucket] = path.split('/');
  const { method, headers } = request;
  const body = await bodyOf(request);
  const end = (status: number, fields: Record<string, string> = {}, content: string | Buffer = '') => {
    response.writeHead(status, { 'content-length': Buffer.byteLength(content), ...fields });
    response.end(method === 'HEAD' ? undefined : content);
  };
  const fail = (status: number, code: string) => end(status, { 'content-type': 'application/xml' }, errorXml(code));
  if (!BUCKETS.includes(bucket)) return fail(404, 'NoSuchBucket');
  const query = new URLSearchParams(request.url?.split('?')[1]);
  if (query.get('list-type') === '2') return end(200, {}, listXml(objects, bucket, query));
  const there = objects.get(path);
  const keep = (bytes: Buffer): string => {
    const etag = createHash('md5').update(bytes).digest('hex');
    objects.set(path, { bytes, etag, modified: Date.now(), notes: notesOf(request) });
    return etag;
  };
  if (method === 'POST' && query.has('uploads')) {
    const id = `upload-${uploads.size}`;
    uploads.set(id, new Map());
    return end(200, {}, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
  }
  const upload = query.get('uploadId');
  if (upload !== null) {
    const parts = uploads.get(upload);
    if (parts === undefined) return fail(404, 'NoSuchUpload');
    if (method === 'PUT') {
      parts.set(Number(query.get('partNumber')), body);
      return end(200, { etag: '"part"' });
    }
    uploads.delete(upload);
    if (method === 'DELETE') return end(204);
    keep(Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)));
    return end(200, {}, '<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>');
  }
  if (method === 'PUT') {
    if (headers['if-none-match'] === '*' && there !== undefined) return fail(412, 'PreconditionFailed');
    const match = headers['if-match'];
    if (match !== undefined && there === undefined) return fail(404, 'NoSuchKey');
    if (match !== undefined && match !== `"${there?.etag}"`) return fail(412, 'PreconditionFailed');
    return end(200, { etag: `"${keep(body)}"` });
  }
  if (method === 'DELETE') {
    objects.delete(path);
    return end(204);
  }
  if (there === undefined) return fail(404, 'NoSuchKey');
  if (headers['if-match'] !== undefined && headers['if-match'] !== `"${there.etag}"`)
    return fail(412, 'PreconditionFailed');
  const fields = {
    etag: `"${there.etag}"`,
    'last-modified': new Date(there.modified).toUTCString(),
    ...Object.fromEntries(Object.entries(there.notes).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  if (from === undefined) return end(200, { ...fields, 'content-length': String(there.bytes.length) }, there.bytes);
  if (Number(from) >= there.bytes.length) return fail(416, 'InvalidRange');
  const part = there.bytes.subarray(Number(from), Number(to) + 1);
  end(206, { ...fields, 'content-range': `bytes ${from}-${to}/${there.bytes.length}` }, part);
};

/** Answers, but cuts the body in its middle. */
const cutting = (response: ServerResponse): void => {
  const end = response.end.bind(response);
  response.end = ((content?: string | Buffer) => {
    if (content === undefined || Buffer.byteLength(content) < 2) return end(content);
    response.write(Buffer.from(content as string).subarray(0, Buffer.byteLength(content) / 2), () =>
      response.destroy(),
    );
    return response;
  }) as ServerResponse['end'];
};

/** Does what is asked, but the answer never comes. */
const losing = (response: ServerResponse): void => {
  response.writeHead = (() => response) as ServerResponse['writeHead'];
  response.end = (() => response.destroy()) as ServerResponse['end'];
};

/** Starts a server on this machine that speaks as much of S3 as the program does, and fails as `fault` says. */
export const startS3 = async (): Promise<S3Server> => {
  const state = { objects: new Map<string, Kept>(), uploads: new Map<string, Map<number, Buffer>>() };
  const requests: string[] = [];
  const http = createServer(async (request, response) => {
    const path = pathOf(request);
    requests.push(`${request.method} ${path}`);
    const fault = server.fault(request.method ?? '', path, requests.length);
    if (fault !== undefined && 'status' in fault) {
      request.resume();
      response.writeHead(fault.status).end(errorXml(CODES[fault.status] ?? 'InternalError'));
      return;
    }
    if (fault !== undefined && 'wait' in fault) await new Promise((resolve) => setTimeout(resolve, fault.wait));
    if (fault !== undefined && 'cut' in fault) cutting(response);
    if (fault !== undefined && 'lost' in fault) losing(response);
    if (server.lax) {
      delete request.headers['if-none-match'];
      delete request.headers['if-match'];
    }
    await answer(state, request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: S3Server = {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: 'AKIASECRET',
      AWS_SECRET_ACCESS_KEY: 'topsecret',
      AWS_SESSION_TOKEN: 'topsecret-token',
      AWS_REGION: 'us-east-1',
    },
    objects: state.objects,
    requests,
    fault: () => undefined,
    lax: false,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
};
