import { LEVELS } from './table.js';

/** Where along the colormap, [0, 1], a channel has which value; straight lines between. */
export type Stops = readonly (readonly [at: number, value: number])[];

/** A channel's value at the table's entry `index`; in matplotlib's order of rounding, so that its tables come out. */
export const along = (stops: Stops, index: number): number => {
  const place = (stop: number) => stops[stop][0] * (LEVELS - 1);
  const next = stops.findIndex((_, stop) => stop > 0 && place(stop) >= index);
  const share = (index - place(next - 1)) / (place(next) - place(next - 1));
  return share * (stops[next][1] - stops[next - 1][1]) + stops[next - 1][1];
};
