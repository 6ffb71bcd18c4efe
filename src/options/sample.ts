import { text } from './values.js';

/** The most photos that a sample is given by their number: so many numbers are kept while the photos are listed. */
const MOST_SAMPLED = 1_000_000;

/** The part of a sample in words, 0 to 1, where it is given as a share: 0.01 of `1%`. */
export const shareOfSample = (words: string): number | undefined =>
  /^\d{1,3}(\.\d{1,9})?%$/.test(words) ? Number(words.slice(0, -1)) / 100 : undefined;

const isSample = (words: string): boolean => {
  const share = shareOfSample(words);
  if (share !== undefined) return share > 0 && share <= 1;
  return /^\d{1,7}$/.test(words) && Number(words) >= 1 && Number(words) <= MOST_SAMPLED;
};

/** A number of photos, or a share of them in percent. */
export const sampleWords = text(`a number of photos up to ${MOST_SAMPLED}, as 500, or a share, as 1%`, isSample);
