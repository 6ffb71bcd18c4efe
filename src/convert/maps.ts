import { UsageError } from '../errors.js';
import type { Extent } from '../localise/plane.js';
import type { Box } from '../maps/box.js';
import { havePlaces } from '../maps/feature-map.js';
import type { PhotoLine } from '../results/line.js';
import type { RunSettings } from '../results/settings.js';

const boxOf = ([x, y, width, height]: PhotoLine['seen']): Box => ({ x, y, width, height });

/** Where a line's maps lie in its photo, upright. */
export const extentOf = (line: PhotoLine): Extent => ({
  photo: { width: line.width, height: line.height },
  field: boxOf(line.field),
  seen: boxOf(line.seen),
});

/** @throws UsageError `no-places`: the format is one of pictures, and the run's cells have no places in them. */
export const requirePlaces = ({ head, model }: RunSettings, format: string): void => {
  if (havePlaces(head)) return;
  const message = `The cells of ${model.name} have no places in its photos, so ${format} can hold nothing of them; take --to csv or parquet.`;
  throw new UsageError('no-places', message);
};
