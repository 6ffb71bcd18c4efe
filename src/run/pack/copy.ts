import { UsageError } from '../../errors.js';
import { isError, type PhotoLine, parse, toText } from '../../results/line.js';
import { type Packed, packedText, unpackedLine } from '../../results/packed.js';
import { readFrom } from '../../stores/read-from.js';
import type { Store } from '../../stores/store.js';
import type { Keys } from './keys.js';
import type { Recording } from './recording.js';
import { sampleJson } from './sample-json.js';
import { memberOf } from './tar-entry.js';
import { membersIn, TarDamage, takerOf } from './tar-stream.js';

/** Takes packed photos of one run over into another. */

/** Reads parts of a store's tars; without going back where they come in order. */
const partsOf = (store: Store) => {
  let open: { readonly tar: string; readonly taker: ReturnType<typeof takerOf> } | undefined;
  const end = async () => {
    await open?.taker.end();
    open = undefined;
  };
  return {
    /** Fewer bytes: the tar ends. */
    read: async ({ tar, at, size }: Packed): Promise<Buffer> => {
      if (open?.tar !== tar || open.taker.at() > at) {
        await end();
        open = { tar, taker: takerOf(readFrom(store, tar)) };
      }
      await open.taker.skip(at - open.taker.at());
      return open.taker.take(size);
    },
    end,
  };
};

async function* one(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The line in a tar, with files called by another key. */
const rekeyedJson = (data: Buffer, from: string, to: string): Buffer => {
  const line = parse(data.toString());
  if (line === undefined || isError(line)) throw new TarDamage('a line is damaged');
  return sampleJson(unpackedLine(line, from, to));
};

/**
 * A photo's members, with another key.
 * @throws TarDamage where they are not just its own: what a stranger's run holds must spoil no tar of others.
 */
const rekeyed = async (members: Buffer, from: string, to: string, seconds: number): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  let read = 0;
  for await (const { name, data, end } of membersIn(one(members), () => from !== to)) {
    if (!name.startsWith(`${from}.`)) throw new TarDamage('a member is of another photo');
    read = end;
    if (data === undefined) continue;
    const suffix = name.slice(from.length);
    pieces.push(memberOf(to + suffix, suffix === '.json' ? rekeyedJson(data, from, to) : data, seconds));
  }
  if (read !== members.length) throw new TarDamage('it is cut off');
  return from === to ? members : Buffer.concat(pieces);
};

/**
 * Copies packed photos of a store into the tars of another run.
 * @param keys of that run.
 * @param whole tars that it has taken over: their new names, by the old ones.
 */
export const packedCopier = (store: Store, keys: Keys, recording: Recording, whole: ReadonlyMap<string, string>) => {
  const parts = partsOf(store);
  return {
    /** @throws UsageError `damaged-run`. */
    copy: async (line: PhotoLine): Promise<void> => {
      const { packed } = line;
      if (packed === undefined) {
        const message = `The manifest of ${store.place} does not say in which tar the pictures of ${line.photo} lie; run it again, and merge then.`;
        throw new UsageError('damaged-run', message);
      }
      const { tar, key: before, at } = packed;
      const renamed = whole.get(tar);
      if (renamed !== undefined) {
        const text = toText(unpackedLine(line, `${tar}/${before}`, before));
        await recording.append(packedText(text, { ...packed, tar: renamed }));
        return;
      }
      const key = keys.take(before) ? before : keys.claim(line.photo);
      const seconds = Math.floor((line.explained ?? 0) / 1000);
      const members = await parts
        .read(packed)
        .then((bytes) => rekeyed(bytes, before, key, seconds))
        .catch((error: unknown) => {
          if (!(error instanceof TarDamage)) throw error;
          const file = store.pathOf(tar) ?? `${store.place}/${tar}`;
          const message = `${file} is damaged at byte ${at}, where the pictures of ${line.photo} lie; run it again with --overwrite, and merge then.`;
          throw new UsageError('damaged-run', message, error);
        });
      await recording.append(toText(unpackedLine(line, `${tar}/${before}`, key)), { key, members });
    },
    end: parts.end,
  };
};
