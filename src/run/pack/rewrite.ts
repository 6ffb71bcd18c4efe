import { isError, parse, toText } from '../../results/line.js';
import { MANIFEST, scanLine, storedLines } from '../../results/manifest.js';
import { type Packed, packedText, unpackedLine } from '../../results/packed.js';
import type { RunSettings } from '../../results/settings.js';
import { readFrom } from '../../stores/read-from.js';
import type { Store } from '../../stores/store.js';
import { placeOf, tableName, tarName } from './names.js';
import { writeTable } from './table.js';
import { END, HEAD } from './tar-entry.js';
import { takerOf } from './tar-stream.js';
import { placesIn } from './uses.js';

/** Tars under other names, without what no line names. */

/** A run whose tars are mended. */
export interface PackedRun {
  readonly store: Store;
  readonly settings: RunSettings;
  /** What the run's tars begin with. */
  readonly mark: Uint8Array;
  /** Of the marks of its earlier tars. */
  readonly ids: readonly string[];
}

/** Removes a tar with its table. The table goes first: without the tar nobody would know whose it is. */
export const removeTar = async (store: Store, tar: string): Promise<void> => {
  await store.remove(tableName(tar));
  await store.remove(tar);
};

/** What goes from a tar into a new one. */
interface Move {
  readonly to: string;
  /** Where photos' members begin in the old tar, in order, and their sizes. */
  readonly from: number[];
  readonly sizes: number[];
  /** Where they begin in the new tar, by their keys. */
  readonly at: Map<string, number>;
}

/** @param places in any order. Of places that overlap, which no run writes, the first is moved. */
const moveOf = (places: readonly Packed[], to: string): Move => {
  const move: Move = { to, from: [], sizes: [], at: new Map() };
  let [at, end] = [HEAD, 0];
  for (const place of places.toSorted((a, b) => a.at - b.at)) {
    if (place.at < end || move.at.has(place.key)) continue;
    move.from.push(place.at);
    move.sizes.push(place.size);
    move.at.set(place.key, at);
    at += place.size;
    end = place.at + place.size;
  }
  return move;
};

/** What is to be moved out of each of some tars. */
const movesOf = async (store: Store, tars: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Move>> => {
  const places = new Map<string, Packed[]>();
  for await (const { place } of placesIn(store)) {
    if (!tars.has(place.tar)) continue;
    if (place.at + place.size > ((await store.sizeOf(place.tar)) ?? 0)) continue;
    const list = places.get(place.tar) ?? [];
    list.push(place);
    places.set(place.tar, list);
  }
  const moves = new Map<string, Move>();
  for (const [tar, list] of places) moves.set(tar, moveOf(list, tars.get(tar) ?? ''));
  return moves;
};

/** The content of a new tar. */
async function* movedPieces(
  store: Store,
  tar: string,
  mark: Uint8Array,
  { from, sizes }: Move,
): AsyncGenerator<Uint8Array> {
  yield mark;
  const taker = takerOf(readFrom(store, tar));
  try {
    for (const [i, at] of from.entries()) {
      await taker.skip(at - taker.at());
      yield await taker.take(sizes[i]);
    }
  } finally {
    await taker.end();
  }
  yield END;
}

/** Names the new tars in the manifest, in one step. */
const nameMoved = (store: Store, moves: ReadonlyMap<string, Move>): Promise<void> => {
  const lines = async function* () {
    for await (const stored of storedLines(store)) {
      const found = scanLine(stored);
      const place = found && placeOf(found);
      const move = place && moves.get(place.tar);
      const at = place && move?.at.get(place.key);
      const line = at === undefined ? undefined : parse(stored.text);
      if (line === undefined || isError(line) || place === undefined || move === undefined || at === undefined) {
        yield stored.text;
      } else {
        const { tar, key } = place;
        yield packedText(toText(unpackedLine(line, `${tar}/${key}`, key)), { ...place, tar: move.to, at });
      }
    }
  };
  return store.putLines(MANIFEST, lines());
};

/** Writes tars anew, with what lines name of them. @param tars the old ones. @param first a number from which all are free. */
export const rewrite = async (
  { store, settings, mark }: PackedRun,
  tars: readonly string[],
  first: number,
): Promise<void> => {
  const moves = await movesOf(store, new Map(tars.map((tar, i) => [tar, tarName(first + i)])));
  for (const [tar, move] of moves) {
    await store.putPieces(move.to, movedPieces(store, tar, mark, move));
    await writeTable(store, move.to, settings, tar);
  }
  await nameMoved(store, moves);
  for (const tar of tars) await removeTar(store, tar);
};
