import { systemCode, UsageError } from '../../errors.js';
import type { S3, S3Bytes } from '../../s3/client.js';
import { hasEnded, type Mark, newMark, parseMark } from '../mark.js';

/**
 * One run at a time writes to a place in a bucket. It puts a mark there, which only one can do, and puts it anew while it runs.
 * Another run's mark counts while its process lives, where that can be seen from here. Elsewhere it counts until a minute after
 * it was last put, by the clock of the service alone.
 */

// In milliseconds: how often a run puts its mark, and after which silence its run counts as ended.
const [RENEWED, FORGOTTEN] = [20_000, 60_000];

/** Name of the mark below the store's prefix. */
export const MARK = '.gapcam/run';

/** A mark that this store holds. */
export interface Held {
  readonly lost: AbortSignal;
  /** Looks at the mark where the last look is long ago. @throws UsageError `output-in-use`. */
  readonly require: () => Promise<void>;
  /** Removes the mark, unless it is another run's by now. */
  readonly release: () => Promise<void>;
}

interface Marked {
  readonly s3: S3;
  readonly key: string;
  /** As the person reads it. */
  readonly place: string;
  readonly mark: Mark;
}

const inUse = (place: string, { process: id, host }: Mark): UsageError =>
  new UsageError(
    'output-in-use',
    `Another run is writing to ${place} now (process ${id} on ${host}); wait for it, or choose another --output. If it was killed, wait a minute.`,
  );

const takenOver = (place: string): UsageError =>
  new UsageError(
    'output-in-use',
    `Another run has taken ${place} over, or its mark ${MARK} was removed; this one ends. Run it again once no other does.`,
  );

const readMark = async (s3: S3, key: string): Promise<S3Bytes | undefined> => {
  try {
    return await s3.get(key);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** The mark's text. The counter changes its etag. */
const textOf = (mark: Mark, count: number): Buffer => Buffer.from(JSON.stringify({ ...mark, count }));

/** @returns the etag where the mark there is this run's. */
const ownEtag = async ({ s3, key, mark }: Marked): Promise<string | undefined> => {
  const found = await readMark(s3, key);
  return found !== undefined && parseMark(found.bytes.toString())?.token === mark.token ? found.etag : undefined;
};

/** The etag of the mark that may be replaced; undefined where there is none. @throws UsageError where it counts. */
const replaceable = async ({ s3, key, place }: Marked): Promise<string | undefined> => {
  const found = await readMark(s3, key);
  if (found === undefined) return undefined;
  const mark = parseMark(found.bytes.toString());
  if (mark === undefined) {
    const message = `${place}/${MARK} is not this program's own, and is not replaced; move it away, or choose another --output.`;
    throw new UsageError('name-taken', message);
  }
  if (!(hasEnded(mark) ?? Math.abs(found.now - found.modified) > FORGOTTEN)) throw inUse(place, mark);
  return found.etag;
};

/** Services that take no notice of a condition would let two runs write at once. */
const requireConditions = async ({ s3, key, mark, place }: Marked, etag: string): Promise<void> => {
  if ((await s3.put(key, textOf(mark, 0), { ifNoneMatch: true })) === undefined) return;
  if ((await ownEtag({ s3, key, mark, place })) === etag) await s3.remove(key);
  const message = `The service of ${place} takes no notice of If-None-Match, which keeps runs apart; use another, or write to a folder.`;
  throw new UsageError('no-conditions', message);
};

/** Puts the mark. @returns its etag. @throws UsageError. */
const makeMark = async (marked: Marked): Promise<string> => {
  const { s3, key, mark, place } = marked;
  const before = await replaceable(marked);
  const condition = before === undefined ? { ifNoneMatch: true } : { ifMatch: before };
  const etag = (await s3.put(key, textOf(mark, 0), condition)) ?? (await ownEtag(marked));
  if (etag === undefined) {
    const other = await readMark(s3, key);
    throw inUse(place, parseMark(other?.bytes.toString() ?? '') ?? mark);
  }
  await requireConditions(marked, etag);
  return etag;
};

/** Keeps other runs out of a place. @throws UsageError `output-in-use`, `no-conditions`. */
export const holdMark = async (s3: S3, key: string, place: string): Promise<Held> => {
  const marked: Marked = { s3, key, place, mark: newMark() };
  let etag = await makeMark(marked);
  let [count, seen] = [0, Date.now()];
  const lost = new AbortController();
  let renewing: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    const put = await s3.put(key, textOf(marked.mark, ++count), { ifMatch: etag });
    // The answer to an earlier try may have been lost.
    const now = put ?? (await ownEtag(marked));
    if (now === undefined) throw takenOver(place);
    etag = now;
    seen = Date.now();
  };
  const keep = (): Promise<void> => {
    renewing ??= renew()
      .catch((error: unknown) => {
        clearInterval(timer);
        lost.abort(error);
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };
  const timer = setInterval(keep, RENEWED);
  timer.unref();
  return {
    lost: lost.signal,
    require: async () => {
      if (!lost.signal.aborted && Math.abs(Date.now() - seen) > 2 * RENEWED) await keep();
      lost.signal.throwIfAborted();
    },
    release: async () => {
      clearInterval(timer);
      await renewing;
      if ((await ownEtag(marked)) !== undefined) await s3.remove(key);
    },
  };
};
