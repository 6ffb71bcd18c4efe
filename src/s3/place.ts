import { UsageError } from '../errors.js';

/** A place in a bucket. */
export interface S3Place {
  readonly bucket: string;
  /** The rest without its first slash: a key, or the beginning of keys. May be empty. */
  readonly key: string;
}

// Letters, digits, dots and hyphens; underscores and capitals in buckets of old. Longer than 63 characters is none.
const bucketName = /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/;

/** @param word s3://bucket/key. @throws UsageError `usage` where that names no bucket. */
export const parseS3 = (word: string): S3Place => {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?([\s\S]*)$/.exec(word) ?? [];
  if (bucketName.test(bucket)) return { bucket, key };
  throw new UsageError('usage', `${withoutUser(word)} names no bucket; write it as s3://bucket/photos/.`);
};

/** An address without what stands before an @, where passwords are written. */
const withoutUser = (word: string): string => word.replace(/^(s3:\/\/)[^/@]*@/, '$1');

/** A place as it is written. */
export const s3Word = ({ bucket, key }: S3Place): string => `s3://${bucket}/${key}`;
