import { quoted, reasonOf, UsageError } from '../../errors.js';
import { boxOf } from '../../maps/box.js';
import type { PhotoLine } from '../../results/line.js';
import type { TruthObjectRecord, TruthRecord } from '../../results/truth-record.js';
import { recordedReach } from '../../truth/reach.js';
import { maskOfRuns } from '../../truth/run-lengths.js';
import type { PhotoTruth, TruthObject } from '../../truth/truth.js';

/** A mask that a line notes. @throws UsageError `bad-truth`. */
const maskOf = (runs: string, line: PhotoLine): Uint8Array => {
  try {
    return maskOfRuns(runs, line);
  } catch (error) {
    const message = `A mask in the manifest's line of ${quoted(line.photo)} ${reasonOf(error)}; run gapcam with --truth again, or give evaluate a --truth.`;
    throw new UsageError('bad-truth', message, error);
  }
};

const objectOf = ({ name, class: index, box, mask, difficult }: TruthObjectRecord, line: PhotoLine): TruthObject => {
  let found: Uint8Array | undefined;
  return {
    name,
    class: index ?? undefined,
    box: box && boxOf(box),
    difficult: difficult === true,
    get mask() {
      if (mask !== undefined) found ??= maskOf(mask, line);
      return found;
    },
  };
};

/** What a run noted of a photo's truth. Masks are read when they are asked for. */
export const recordedTruth = (record: TruthRecord, line: PhotoLine): PhotoTruth => ({
  reach: () => recordedReach(record, line),
  objects: record.objects.map((object) => objectOf(object, line)),
  get ignored() {
    return record.ignored === undefined ? undefined : maskOf(record.ignored, line);
  },
});
