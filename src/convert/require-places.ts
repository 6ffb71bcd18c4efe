import { UsageError } from '../errors.js';
import { havePlaces } from '../maps/feature-map.js';
import type { RunSettings } from '../results/settings.js';

/** @throws UsageError `no-places`: the format is one of pictures, and the run's cells have no places in them. */
export const requirePlaces = ({ head, model }: RunSettings, format: string): void => {
  if (havePlaces(head)) return;
  const message = `The cells of ${model.name} have no places in its photos, so ${format} can hold nothing of them; take --to csv or parquet.`;
  throw new UsageError('no-places', message);
};
