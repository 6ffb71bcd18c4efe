import { reasonOf, UsageError } from '../errors.js';
import type { Store } from '../stores/store.js';
import { LINE_VERSION, versionOf } from './line.js';

export const MANIFEST = 'manifest.jsonl';

const NEWLINE = 10;

/** @throws UsageError `later-run`. This version would drop or change fields that it does not know. */
const known = (line: string, { place }: Store): string => {
  const version = versionOf(line);
  if (version <= LINE_VERSION) return line;
  const message = `The ${MANIFEST} of ${place} has lines of version ${version} by a later gapcam, and this one reads up to ${LINE_VERSION}; update gapcam, or choose another --output.`;
  throw new UsageError('later-run', message);
};

async function* pieces(store: Store): AsyncGenerator<Uint8Array> {
  if (!(await store.has(MANIFEST))) return;
  try {
    yield* store.read(MANIFEST);
  } catch (error) {
    const message = `${store.pathOf(MANIFEST) ?? `${store.place}/${MANIFEST}`} cannot be read (${reasonOf(error)}); choose another --output.`;
    throw new UsageError('damaged-run', message, error);
  }
}

/**
 * Lines of the manifest, without their line feeds. None where there is no manifest. A last line without a line feed is
 * torn and left out. Stops when the signal is aborted.
 * @throws UsageError `damaged-run`, `later-run`.
 */
export async function* wholeLines(store: Store, signal?: AbortSignal): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces(store)) {
    const bytes = Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      if (signal?.aborted) return;
      yield known(bytes.toString('utf8', from, end), store);
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
}

/** Whether the manifest's last line lacks its line feed. The next line would be joined to it. */
export const isTorn = async (store: Store): Promise<boolean> => {
  if (!(await store.has(MANIFEST))) return false;
  const [last = NEWLINE] = await store.readEnd(MANIFEST, 1);
  return last !== NEWLINE;
};
