import { systemCode } from '../../errors.js';
import type { S3 } from '../../s3/client.js';

// Bytes of a range. The next one comes while one is used.
const RANGE = 2 ** 23;

/** The bytes of an object, range by range, all of one content. @throws Error `ENOENT` where it is not there, or replaced meanwhile. */
export async function* readObject(s3: S3, key: string, start = 0): AsyncGenerator<Uint8Array> {
  const range = (from: number, etag?: string) => {
    const got = s3.get(key, { start: from, length: RANGE, etag });
    // Who ends the reading before its end never asks for this range.
    got.catch(() => {});
    return got;
  };
  for (let [at, coming] = [start, range(start)]; ; ) {
    const { bytes, size, etag } = await coming;
    at += bytes.length;
    const isEnd = bytes.length === 0 || at >= size;
    if (!isEnd) coming = range(at, etag);
    if (bytes.length > 0) yield bytes;
    if (isEnd) return;
  }
}

/** Whether an object has just this content. */
const hasContent = async (s3: S3, key: string, content: Uint8Array): Promise<boolean> => {
  if ((await s3.head(key))?.size !== content.length) return false;
  try {
    return (await s3.get(key)).bytes.equals(content);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
};

/**
 * Writes an object where there is none.
 * @returns whether the object has this content now. An earlier run may have written it, or a request whose answer was lost.
 */
export const createObject = async (s3: S3, key: string, content: Uint8Array): Promise<boolean> =>
  (await s3.put(key, content, { ifNoneMatch: true })) !== undefined || hasContent(s3, key, content);

/** Whether any key begins so. */
export const hasAny = async (s3: S3, prefix: string): Promise<boolean> => {
  for await (const _ of s3.listFolder(prefix)) return true;
  return false;
};
