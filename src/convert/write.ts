import { UsageError } from '../errors.js';
import type { Store } from '../stores/store.js';
import type { OutputFile } from './format.js';

const isWhole = (content: OutputFile['content']): content is string | Uint8Array =>
  typeof content === 'string' || content instanceof Uint8Array;

/**
 * Writes a format's files, each whole or not at all.
 * @param overwrite whether files of the same names are replaced.
 * @returns the number of files.
 * @throws UsageError `name-taken`, `output-unwritable`; the signal's reason.
 */
export const writeFiles = async (
  store: Store,
  files: AsyncIterable<OutputFile>,
  overwrite: boolean,
  signal: AbortSignal,
): Promise<number> => {
  let count = 0;
  for await (const { name, content } of files) {
    signal.throwIfAborted();
    if (isWhole(content)) await (overwrite ? store.put : store.create)(name, content);
    else {
      if (!overwrite && (await store.has(name))) {
        const message = `${name} exists already in ${store.place}; choose another --output, or --overwrite.`;
        throw new UsageError('name-taken', message);
      }
      await store.putPieces(name, content);
    }
    count++;
  }
  return count;
};
