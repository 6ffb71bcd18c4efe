import { foundBox } from '../../localise/boxes.js';
import { tableFile } from '../../results/table.js';
import type { Format, FoundRun } from '../format.js';
import { asText } from '../names.js';

/** Photos in each file. */
const PHOTOS = 100_000;

/** Files of at most 100,000 photos, a row a map. There is always one, if of no rows. */
async function* partsOf({ settings, photos }: FoundRun): ReturnType<Format['convert']> {
  const labels = settings.classes.map(asText);
  const rest = photos()[Symbol.asyncIterator]();
  let next = await rest.next();
  const pieces = async function* () {
    const file = await tableFile();
    for (let count = 0; next.done !== true && count < PHOTOS; count++) {
      const photo = next.value;
      const { line, findings } = photo;
      for (const { map, parts } of findings) {
        const piece = file.add({
          line,
          photo: asText(line.photo),
          map,
          boxes: parts.map(foundBox),
          label: labels[map.class],
        });
        if (piece !== undefined) yield piece;
      }
      next = await rest.next();
    }
    yield* file.end();
  };
  try {
    for (let part = 0; part === 0 || next.done !== true; part++) {
      yield { name: `part-${String(part).padStart(5, '0')}.parquet`, content: pieces() };
    }
  } finally {
    await rest.return?.();
  }
}

export const parquet: Format = {
  readers: 'pandas, DuckDB, Polars, Spark, Hugging Face datasets',
  convert: partsOf,
};
