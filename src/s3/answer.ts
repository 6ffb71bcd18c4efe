import type { S3Client } from '@aws-sdk/client-s3';
import { CutBody, LargeObject } from './errors.js';

/** Answers of the service as what is known of objects. */

/** What is known of an object. */
export interface S3Object {
  /** In bytes. */
  readonly size: number;
  /** Changes with the content. Without quotes. */
  readonly etag: string;
  /** Milliseconds since 1970, by the service's clock. */
  readonly modified: number;
  /** The service's time as it answered, in milliseconds since 1970. */
  readonly now: number;
  /** What was noted with the object. */
  readonly notes: Readonly<Record<string, string>>;
}

export const unquoted = (etag: string | undefined): string => etag?.replaceAll('"', '') ?? '';

type Answer = {
  readonly ContentLength?: number | undefined;
  readonly ContentRange?: string | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly Metadata?: Record<string, string> | undefined;
};

export const objectOf = (answer: Answer, date: string | undefined): S3Object => ({
  // Of a range, the service tells the whole object's size after a slash.
  size: Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? answer.ContentLength ?? 0),
  etag: unquoted(answer.ETag),
  modified: answer.LastModified?.getTime() ?? 0,
  now: Date.parse(date ?? '') || Date.now(),
  notes: answer.Metadata ?? {},
});

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const NOTE = 'x-amz-meta-';

/** An answer that was asked for past the SDK's commands, in their words; and its time. */
export const answerOf = ({
  headers,
  body,
}: {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}): { readonly answer: Answer & { Body: unknown }; readonly date: string | undefined } => {
  const notes = Object.entries(headers).filter(([name]) => name.startsWith(NOTE));
  const answer = {
    ContentLength: numberOf(headers['content-length']),
    ContentRange: headers['content-range'],
    ETag: headers.etag,
    LastModified: new Date(headers['last-modified'] ?? 0),
    Metadata: Object.fromEntries(notes.map(([name, value]) => [name.slice(NOTE.length), String(value)])),
    Body: body,
  };
  return { answer, date: headers.date };
};

/**
 * Reads a body whole, unless it has more bytes than it may have.
 * @throws CutBody where it is shorter or longer than announced; LargeObject.
 */
export const bodyOf = async (body: unknown, length: number | undefined, most: number): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  let size = 0;
  const stream = body as AsyncIterable<Buffer> & { readonly destroy?: () => void };
  if ((length ?? 0) > most) {
    stream.destroy?.();
    throw new LargeObject();
  }
  for await (const piece of stream) {
    pieces.push(piece);
    size += piece.length;
    if (size > most) throw new LargeObject();
  }
  if (size !== (length ?? size)) throw new CutBody(`${size} of ${length} bytes came`);
  return Buffer.concat(pieces);
};

/** Notes each answer's time, which the SDK does not hand on. */
export const withDates = (client: S3Client): WeakMap<object, string> => {
  const dates = new WeakMap<object, string>();
  client.middlewareStack.add(
    (next) => async (request) => {
      const done = await next(request);
      const { headers } = (done.response ?? {}) as { readonly headers?: Record<string, string> };
      if (headers?.date !== undefined && done.output !== undefined) dates.set(done.output, headers.date);
      return done;
    },
    { step: 'deserialize', name: 'noteDate', priority: 'high' },
  );
  return dates;
};
