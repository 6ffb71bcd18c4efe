import { UsageError } from '../errors.js';
import { sideBySide } from '../stores/side-by-side.js';
import type { Store } from '../stores/store.js';
import type { Link, OutputFile } from './format.js';

// Files that are made and written at once: while one is compressed, the next is drawn.
const AT_ONCE = 8;

type Content = OutputFile['content'];

const isLink = (content: Content): content is Link => typeof content === 'object' && 'linkTo' in content;
const isInPieces = (content: Content): content is AsyncIterable<string | Uint8Array> =>
  typeof content === 'object' && Symbol.asyncIterator in content;

const writeFile = async (store: Store, { name, content }: OutputFile, overwrite: boolean): Promise<void> => {
  if (isLink(content)) return store.link(name, content.linkTo);
  if (!isInPieces(content)) {
    return (overwrite ? store.put : store.create)(name, typeof content === 'function' ? await content() : content);
  }
  if (!overwrite && (await store.has(name))) {
    const message = `${name} exists already in ${store.place}; choose another --output, or --overwrite.`;
    throw new UsageError('name-taken', message);
  }
  await store.putPieces(name, content);
};

/**
 * Writes a format's files, each whole or not at all.
 * @param overwrite whether files of the same names are replaced. Links are not.
 * @returns the number of files.
 * @throws UsageError `name-taken`, `output-unwritable`, `no-links`; the signal's reason.
 */
export const writeFiles = async (
  store: Store,
  files: AsyncIterable<OutputFile>,
  overwrite: boolean,
  signal: AbortSignal,
): Promise<number> => {
  let count = 0;
  const writing = sideBySide(AT_ONCE);
  try {
    for await (const file of files) {
      signal.throwIfAborted();
      const write = () => writeFile(store, file, overwrite);
      await (isInPieces(file.content) ? write() : writing.begin(write));
      count++;
    }
  } finally {
    // Whoever holds the folder gives it free only when nothing is written any more.
    await writing.settled();
  }
  writing.check();
  return count;
};
