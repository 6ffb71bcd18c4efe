import { UsageError } from '../../../errors.js';
import { parseS3 } from '../../../s3/place.js';
import { searchesOutputMessage } from '../discover.js';
import { isS3 } from './s3.js';

/** The beginning of a run's own keys, with a slash at its end. Undefined: its results lie in no bucket, or in another. */
const prefixOf = (bucket: string, output: string): string | undefined => {
  if (!isS3(output)) return undefined;
  const place = parseS3(output);
  return place.bucket === bucket ? `${place.key.replace(/\/+$/, '')}/`.replace(/^\/$/, '') : undefined;
};

/** Keys of the run's own results. */
interface OwnKeys {
  readonly has: (key: string) => boolean;
  /** The rest of such a key. */
  readonly nameOf: (key: string) => string;
}

// The end of a shard's place. All shards of a run lie side by side.
const shard = /(?:^|\/)\d+-of-(\d+)\/$/;

/** Which keys of a bucket lie in the results of a run, or of another shard of it. @param output place of the results. */
export const outputIn = (bucket: string, output: string): OwnKeys => {
  const prefix = prefixOf(bucket, output);
  const [, count] = shard.exec(prefix ?? '') ?? [];
  const before = count === undefined ? '' : (prefix ?? '').replace(/\d+-of-\d+\/$/, '');
  const sibling = new RegExp(`^\\d+-of-${count}/`);
  const isSibling = (key: string): boolean =>
    count !== undefined && key.startsWith(before) && sibling.test(key.slice(before.length));
  return {
    has: (key) => prefix !== undefined && (key.startsWith(prefix) || isSibling(key)),
    nameOf: (key) => key.slice(prefix?.length ?? 0),
  };
};

/** @throws UsageError `usage` where one of the words looks for photos in the results. @param given the results, as a person names them. */
export const refuseSearchOf = (words: readonly string[], output: string, given: string): void => {
  const found = words.find((word) => isS3(word) && searchesOutputOf(word, output) !== undefined);
  if (found !== undefined) throw new UsageError('usage', searchesOutputMessage(found, given));
};

/** Why a word is refused that looks for photos in the output, as a sentence. Undefined: it does not. @param output place of the results. */
export const searchesOutputOf = (word: string, output: string): string | undefined => {
  const { bucket, key } = parseS3(word);
  const prefix = prefixOf(bucket, output);
  if (prefix === undefined || !isSearch(key)) return undefined;
  return `${key}/`.startsWith(prefix) ? searchesOutputMessage(word, output) : undefined;
};

/** Whether a key stands for what lies below it, as far as its letters tell. */
const isSearch = (key: string): boolean => key === '' || key.endsWith('/') || /[*?[{]/.test(key);
