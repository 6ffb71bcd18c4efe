import { mimeOf, type PutOptions, type S3 } from './client.js';

// Bytes in a part. Of 10,000 parts, as many as an object may have, each object up to 160 GB is made.
const PART = 2 ** 24;

type Pieces = AsyncIterable<string | Uint8Array>;

/** Gathers pieces to parts of equal size, but for the last. The last may be empty. */
async function* partsOf(pieces: Pieces): AsyncGenerator<{ readonly bytes: Buffer; readonly isLast: boolean }> {
  let gathered: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    // A copy: who gives a piece may use its memory again.
    gathered.push(Buffer.from(piece as string));
    length += gathered[gathered.length - 1].length;
    if (length < PART) continue;
    const all = Buffer.concat(gathered);
    let from = 0;
    for (; all.length - from > PART; from += PART) yield { bytes: all.subarray(from, from + PART), isLast: false };
    gathered = [all.subarray(from)];
    length = all.length - from;
  }
  yield { bytes: Buffer.concat(gathered), isLast: true };
}

interface Upload {
  readonly key: string;
  readonly id: string;
}

const begin = async ({ bucket, raw }: S3, key: string, notes: PutOptions['notes']): Promise<Upload> => {
  const command = new raw.sdk.CreateMultipartUploadCommand({
    Bucket: bucket,
    Key: key,
    ContentType: mimeOf(key),
    ...(notes !== undefined && { Metadata: { ...notes } }),
  });
  const { UploadId } = await raw.patient('write', key, 0, (abortSignal) => raw.client.send(command, { abortSignal }));
  return { key, id: UploadId ?? '' };
};

const send = async ({ bucket, raw }: S3, { key, id }: Upload, number: number, bytes: Buffer) => {
  const command = new raw.sdk.UploadPartCommand({
    Bucket: bucket,
    Key: key,
    UploadId: id,
    PartNumber: number,
    Body: bytes,
    ContentLength: bytes.length,
  });
  const { ETag } = await raw.patient('write', key, bytes.length, (abortSignal) =>
    raw.client.send(command, { abortSignal }),
  );
  return { PartNumber: number, ETag };
};

/** Leaves no parts behind, which cost money. What went wrong before counts more than what goes wrong here. */
const abandon = async ({ bucket, raw }: S3, { key, id }: Upload): Promise<void> => {
  const command = new raw.sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id });
  await raw.patient('write', key, 0, (abortSignal) => raw.client.send(command, { abortSignal })).catch(() => {});
};

const complete = async ({ bucket, raw }: S3, { key, id }: Upload, Parts: Awaited<ReturnType<typeof send>>[]) => {
  const command = new raw.sdk.CompleteMultipartUploadCommand({
    Bucket: bucket,
    Key: key,
    UploadId: id,
    MultipartUpload: { Parts },
  });
  await raw.patient('write', key, 0, (abortSignal) => raw.client.send(command, { abortSignal }));
};

/**
 * Writes an object of any size, whole or not at all, in place of one of the same name. Holds some 50 MB of it.
 * @throws as `S3.put`, and what `pieces` throws.
 */
export const upload = async (s3: S3, key: string, pieces: Pieces, notes?: PutOptions['notes']): Promise<void> => {
  let begun: Upload | undefined;
  const sent: Awaited<ReturnType<typeof send>>[] = [];
  try {
    for await (const { bytes, isLast } of partsOf(pieces)) {
      if (isLast && begun === undefined) {
        await s3.put(key, bytes, notes === undefined ? {} : { notes });
        return;
      }
      begun ??= await begin(s3, key, notes);
      sent.push(await send(s3, begun, sent.length + 1, bytes));
    }
    if (begun !== undefined) await complete(s3, begun, sent);
  } catch (error) {
    if (begun !== undefined) await abandon(s3, begun);
    throw error;
  }
};
