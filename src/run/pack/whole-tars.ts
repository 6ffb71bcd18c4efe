import { fromText, type PhotoLine } from '../../results/line.js';
import { packedText } from '../../results/packed.js';
import { tarName } from './names.js';
import { inTurn, type PackedPhoto, type PackPlan, type Recording } from './recording.js';
import { writeTable } from './table.js';
import { END } from './tar-entry.js';

/** So much is held in memory, twice while it is written, and lost with a run that is killed. */
const LIMITS = { photos: 1000, bytes: 2 ** 27 };

// Milliseconds after which a tar is ended anyway.
const EVERY = 300_000;

/** Photos that are written together. */
interface Unit {
  readonly name: string;
  readonly pieces: Uint8Array[];
  readonly lines: string[];
  size: number;
  readonly since: number;
}

async function* piecesOf({ pieces }: Unit): AsyncGenerator<Uint8Array> {
  yield* pieces;
  yield END;
}

/** Packs into tars that are put as wholes: for stores to whose files nothing can be added. Lines follow their tar. */
export const wholeTars = ({ store, manifest, settings, mark, next, limits = LIMITS }: PackPlan): Recording => {
  let open: Unit | undefined;
  const putting = inTurn();
  const begin = (): Unit => ({
    name: tarName(next()),
    pieces: [mark],
    lines: [],
    size: mark.length,
    since: Date.now(),
  });
  const put = async (unit: Unit): Promise<void> => {
    await store.putPieces(unit.name, piecesOf(unit));
    await writeTable(
      store,
      unit.name,
      settings,
      unit.lines.map((line) => fromText(line) as PhotoLine),
    );
    for (const line of unit.lines) await manifest.append(line);
  };
  const end = (unit: Unit): void => {
    open = undefined;
    putting.begin(() => put(unit));
  };
  const add = (text: string, { key, members }: PackedPhoto): string => {
    open ??= begin();
    const unit = open;
    const line = packedText(text, { tar: unit.name, key, at: unit.size, size: members.length });
    unit.pieces.push(members);
    unit.lines.push(line);
    unit.size += members.length;
    const isOld = Date.now() - unit.since >= EVERY;
    if (unit.lines.length >= limits.photos || unit.size >= limits.bytes || isOld) end(unit);
    return line;
  };
  return {
    append: async (text, packed) => {
      putting.check();
      if (packed !== undefined) return add(text, packed);
      await manifest.append(text);
      return text;
    },
    // One is written while the next is gathered.
    room: async () => {
      const isHalf = open === undefined || open.size * 2 > limits.bytes || open.lines.length * 2 > limits.photos;
      if (isHalf) await putting.done();
      putting.check();
    },
    close: async () => {
      try {
        if (open !== undefined) end(open);
        await putting.done();
      } finally {
        await manifest.close();
      }
    },
  };
};
