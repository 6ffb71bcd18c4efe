import { basename, join, resolve } from 'node:path';
import { quoted, UsageError } from '../../errors.js';
import type { Entry, EntryObject, MaskSource } from '../entry.js';
import { badTruth } from '../errors.js';
import type { FormatRequest, TruthFormat, TruthSource } from '../format.js';
import { isBelow } from '../photo-files.js';
import { matchIn } from '../photo-index.js';
import { isFile } from '../probe.js';
import { isWsol, WSOL_FILES } from './files.js';
import { readWsol, type WsolTables } from './tables.js';

// Digits of the digest that tell one truth from another.
const SHOWN = 8;

/** Where masks are looked for, from the folder of the metadata. */
const MASK_FOLDERS = ['', 'masks'];

/** @throws UsageError `bad-truth` where there is no such picture. */
const maskNamed = (folder: string, name: string): MaskSource => {
  const file = MASK_FOLDERS.filter(() => isBelow(name))
    .map((below) => join(folder, below, name))
    .find(isFile);
  if (file !== undefined) return { kind: 'picture', file, scaled: true };
  throw badTruth(
    `${join(folder, WSOL_FILES.places)} names the mask ${quoted(name)}, which is not there`,
    `put the masks into ${join(folder, MASK_FOLDERS[1])}`,
  );
};

const entryAt = (folder: string, tables: WsolTables, row: number, classes: number): Entry => {
  const [index, name] = [tables.classAt(row), tables.idAt(row)];
  const named = { name: String(index), class: index < classes ? index : undefined };
  const places = tables.placesAt(row);
  const objects: readonly EntryObject[] = places.map((place) =>
    'box' in place ? { ...named, box: place.box } : { ...named, mask: maskNamed(folder, place.mask) },
  );
  const ignored = places.flatMap((place) =>
    'box' in place || place.ignored === undefined ? [] : [maskNamed(folder, place.ignored)],
  );
  return {
    where: `${join(folder, WSOL_FILES.labels)}: ${name}`,
    name,
    size: tables.sizeAt(row),
    objects: objects.length > 0 ? objects : [named],
    ...(ignored.length > 0 && { ignored }),
  };
};

/** A folder of wsolevaluation's metadata: classes by index, and boxes whose corners count from 0, or masks. */
export const wsol: TruthFormat = {
  describe: "a folder of wsolevaluation's metadata (with class_labels.txt)",
  accepts: isWsol,
  open: async ({ place, classes }: FormatRequest): Promise<TruthSource> => {
    const tables = await readWsol(place);
    return {
      matchOf: (path) => matchIn(tables.find(path)),
      entryOf: async (path) => {
        const { rows } = tables.find(path);
        if (rows.length < 2)
          return rows.length === 0 ? undefined : entryAt(place, tables, rows[0], classes.labels.length);
        const ids = rows.map((row) => quoted(tables.idAt(row))).join(' and ');
        const message = `${quoted(path)} may be several photos of ${place} (${ids}); run gapcam on the folder from which its ids start.`;
        throw new UsageError('ambiguous-photo', message);
      },
      count: tables.count,
      example: () => (tables.count > 0 ? tables.idAt(0) : undefined),
      identity: `${basename(resolve(place))} (${tables.digest.slice(0, SHOWN)})`,
      notes: () => [],
      boxNumbers: "wsolevaluation's are the first and last pixel, x and y, counted from 0",
    };
  },
};
