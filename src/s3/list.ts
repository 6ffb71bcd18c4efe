import type { S3Raw } from './client.js';

/** An object in a listing; or, where its key ends in a slash and `etag` is empty, a folder. */
export interface S3Entry {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

interface Page {
  readonly entries: readonly S3Entry[];
  readonly next: string | undefined;
}

/** Keys come percent-encoded, since XML cannot hold all characters; a plus is a space. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));

const pageOf = async (
  { sdk, client, patient }: S3Raw,
  bucket: string,
  prefix: string,
  folders: boolean,
  token: string | undefined,
): Promise<Page> => {
  const answer = await patient('list', prefix, 2 ** 20, (abortSignal) =>
    client.send(
      new sdk.ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        EncodingType: 'url',
        ...(folders && { Delimiter: '/' }),
        ...(token !== undefined && { ContinuationToken: token }),
      }),
      { abortSignal },
    ),
  );
  const decode = answer.EncodingType === 'url' ? decoded : (key: string) => key;
  const objects = (answer.Contents ?? []).map(({ Key = '', Size = 0, ETag = '', LastModified }) => ({
    key: decode(Key),
    size: Size,
    etag: ETag.replaceAll('"', ''),
    modified: LastModified?.getTime() ?? 0,
  }));
  const below = (answer.CommonPrefixes ?? []).map(({ Prefix = '' }) => ({
    key: decode(Prefix),
    size: 0,
    etag: '',
    modified: 0,
  }));
  return { entries: [...objects, ...below], next: answer.IsTruncated ? answer.NextContinuationToken : undefined };
};

/** @see S3.list */
export async function* listOf(raw: S3Raw, bucket: string, prefix: string, folders: boolean): AsyncGenerator<S3Entry> {
  const fetchPage = (token: string | undefined): Promise<Page> => {
    const page = pageOf(raw, bucket, prefix, folders, token);
    // Who ends the listing before its end never asks for this page.
    page.catch(() => {});
    return page;
  };
  for (let coming: Promise<Page> | undefined = fetchPage(undefined); coming !== undefined; ) {
    const { entries, next }: Page = await coming;
    coming = next === undefined ? undefined : fetchPage(next);
    yield* entries;
  }
}
