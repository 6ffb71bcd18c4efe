import { LEVELS } from './table.js';

/** A channel's values at places along the colormap, both in [0, 1]. Between two places the channel is linear. */
export type Stops = readonly (readonly [at: number, value: number])[];

/** A channel's value at the table's entry `index`. Computed in matplotlib's order, to round as matplotlib does. */
export const along = (stops: Stops, index: number): number => {
  const place = (stop: number) => stops[stop][0] * (LEVELS - 1);
  const next = stops.findIndex((_, stop) => stop > 0 && place(stop) >= index);
  const share = (index - place(next - 1)) / (place(next) - place(next - 1));
  return share * (stops[next][1] - stops[next - 1][1]) + stops[next - 1][1];
};
