import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../../errors.js';
import { isError, type PhotoLine, parse } from '../../results/line.js';
import type { RunSettings } from '../../results/settings.js';
import { isSoundLine } from '../../results/sound.js';
import { tableFile } from '../../results/table.js';
import { asUtf8 } from '../../stores/paths.js';
import { readFrom } from '../../stores/read-from.js';
import type { Store } from '../../stores/store.js';
import { tableName } from './names.js';
import { membersIn, TarDamage } from './tar-stream.js';

/** The table beside a tar: the columns that `convert --to parquet` writes, of the tar's photos, with the boxes that their lines have. */

type Lines = Iterable<PhotoLine> | AsyncIterable<PhotoLine>;

// Beside the key. Digits alone would be found anywhere.
const noteOf = (id: string): string => `packed ${id}`;

async function* tableOf(lines: Lines, { classes, options, packs = [] }: RunSettings): AsyncGenerator<Uint8Array> {
  // Where none was found, the line in a tar has none.
  const none = options.boxes === undefined ? undefined : [];
  const file = await tableFile(noteOf(packs[0] ?? ''));
  for await (const line of lines) {
    for (const map of line.maps) {
      const label = asUtf8(classes[map.class] ?? '');
      const piece = file.add({ line, photo: asUtf8(line.photo), map, boxes: map.boxes ?? none, label });
      if (piece !== undefined) yield piece;
    }
    // Other photos are explained meanwhile.
    await setImmediate();
  }
  yield* file.end();
}

/** The lines that lie in a tar beside the pictures. @param blamed what it was made of. @throws UsageError `damaged-run`. */
async function* linesIn(store: Store, tar: string, blamed: string): AsyncGenerator<PhotoLine> {
  try {
    for await (const { data } of membersIn(readFrom(store, tar), (name) => name.endsWith('.json'))) {
      const line = data && parse(data.toString());
      if (line !== undefined && !isError(line) && isSoundLine(line)) yield line;
    }
  } catch (error) {
    if (!(error instanceof TarDamage)) throw error;
    const file = store.pathOf(blamed) ?? `${store.place}/${blamed}`;
    const message = `${file} is damaged (${error.message}); remove it, and the same command does its photos again.`;
    throw new UsageError('damaged-run', message, error);
  }
}

// A footer ends with its notes, and a few words more.
const NOTES = 4096;

/** Whether a table is that of one of a run's tars. @param ids of its marks. */
export const isOwnTable = async (store: Store, table: string, ids: readonly string[]): Promise<boolean> => {
  if ((await store.sizeOf(table)) === undefined) return false;
  const end = Buffer.from(await store.readEnd(table, NOTES));
  return ids.some((id) => end.includes(noteOf(id)));
};

/**
 * Writes the table of a tar.
 * @param from its photos' lines; or the tar that it was made of, where they are read from the tar itself.
 * @throws UsageError `output-unwritable`; `damaged-run` where the tar cannot be read.
 */
export const writeTable = (
  store: Store,
  tar: string,
  settings: RunSettings,
  from: Lines | string = tar,
): Promise<void> =>
  store.putPieces(tableName(tar), tableOf(typeof from === 'string' ? linesIn(store, tar, from) : from, settings));
