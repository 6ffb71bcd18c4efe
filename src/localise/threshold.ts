import { largestOf } from '../extremes.js';
import { type Plane, profileOf, valueAt } from './plane.js';
import type { BoxRule } from './rule.js';

/** Values of all seen pixels of the plane, in logits, negative ones as 0. */
const heatOf = (plane: Plane): Float64Array => {
  const { across, down } = plane;
  const width = across.end - across.start;
  const heat = new Float64Array(width * (down.end - down.start));
  const profile = new Float64Array(across.cells);
  for (let row = down.start; row < down.end; row++) {
    profileOf(plane, row, profile);
    const at = (row - down.start) * width;
    for (let x = 0; x < width; x++) heat[at + x] = Math.max(0, valueAt(profile, across, across.start + x));
  }
  return heat;
};

// As many as an 8-bit picture has levels, which the method was made for.
const BINS = 256;

/**
 * The value that parts the heat into two kinds with the largest variance between them.
 * Otsu 1979, "A Threshold Selection Method from Gray-Level Histograms".
 * @param heat values from 0. @param highest the largest of them, above 0.
 */
const otsu = (heat: Float64Array, highest: number): number => {
  const counts = new Float64Array(BINS);
  for (const value of heat) counts[Math.min(BINS - 1, Math.floor((value / highest) * BINS))]++;
  const total = counts.reduce((sum, count, bin) => sum + count * bin, 0);
  let [best, threshold, below, sumBelow] = [-1, 0, 0, 0];
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin];
    sumBelow += counts[bin] * bin;
    const above = heat.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2;
    if (between > best) [best, threshold] = [between, bin];
  }
  return ((threshold + 1) / BINS) * highest;
};

/** The values of a bin, strongest first, and the heat in all bins above it. @see belowShare */
const binAt = (heat: Float64Array, highest: number, wanted: number): readonly [values: Float64Array, above: number] => {
  const binOf = (value: number) => Math.min(BINS - 1, Math.floor((value / highest) * BINS));
  const sums = new Float64Array(BINS);
  for (const value of heat) sums[binOf(value)] += value;
  let [bin, above] = [BINS - 1, 0];
  while (bin > 0 && above + sums[bin] < wanted) above += sums[bin--];
  return [
    heat
      .filter((value) => binOf(value) === bin)
      .sort()
      .reverse(),
    above,
  ];
};

/** The value just below those of the strongest pixels, as few as hold a share of all heat. Equal ones stay together. */
const belowShare = (heat: Float64Array, highest: number, share: number): number => {
  const wanted = share * heat.reduce((sum, value) => sum + value, 0);
  // Sorting one bin alone takes a twentieth of the time.
  const [values, above] = binAt(heat, highest, wanted);
  let held = above;
  const weakest = values.find((value) => {
    held += value;
    return held >= wanted;
  });
  return (weakest ?? values[values.length - 1]) * (1 - Number.EPSILON);
};

/**
 * The value in logits above which a pixel belongs to a box.
 * @param plane of a map whose largest value is above 0.
 */
export const thresholdOf = (plane: Plane, rule: BoxRule): number => {
  switch (rule.kind) {
    case 'of-max':
      return rule.share * largestOf(plane.map.data);
    case 'logits':
      return rule.logits;
    case 'share':
    case 'otsu': {
      const heat = heatOf(plane);
      const highest = heat.reduce((most, value) => Math.max(most, value), 0);
      // All of the evidence lies outside the photo.
      if (highest === 0) return 0;
      return rule.kind === 'otsu' ? otsu(heat, highest) : belowShare(heat, highest, rule.share);
    }
  }
};
