import { PhotoError, UsageError } from '../errors.js';
import { fourNumbers } from '../maps/box.js';
import type { TruthObjectRecord, TruthRecord } from '../results/truth-record.js';
import type { KnownEntry } from './entry.js';
import { placed } from './place.js';
import { runsOfMask } from './run-lengths.js';
import type { KnownPhoto, TruthObject } from './truth.js';

/** The classes of an entry that the network has, each once, in the order of the objects. */
export const classesIn = ({ objects }: KnownEntry): readonly number[] => [
  ...new Set(objects.flatMap(({ class: index }) => index ?? [])),
];

const objectRecord = (
  { name, class: index, box, mask, difficult }: TruthObject,
  photo: KnownPhoto,
): TruthObjectRecord => ({
  name,
  class: index ?? null,
  box: box && fourNumbers(box),
  mask: mask && runsOfMask(mask, photo),
  ...(difficult && { difficult }),
});

/**
 * What the manifest says of an entry.
 * @throws PhotoError `bad-truth`, where the truth is damaged there, or is of another photo: it fails this photo alone.
 */
export const truthRecord = async (entry: KnownEntry, photo: KnownPhoto): Promise<TruthRecord> => {
  try {
    const { objects, ignored, reach } = await placed(entry, photo);
    const record = {
      entry: entry.name,
      objects: objects.map((object) => objectRecord(object, photo)),
      ignored: ignored && runsOfMask(ignored, photo),
    };
    // Known once the masks were read.
    const cut = reach?.().cut ?? 0;
    return { ...record, ...(cut > 0 && { cut }) };
  } catch (error) {
    if (error instanceof UsageError) throw new PhotoError(error.code, error.message, error);
    throw error;
  }
};
