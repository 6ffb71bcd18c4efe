import { type Cells, enlarged } from './enlarge.js';
import type { Answer, Subject } from './measure.js';
import { pixelsOf, timesFactors } from './pixels.js';

/** What the network says to the input times a map in [0, 1], and that map over the input. */
export const askMasked = async (
  { feed, covered, arrays, ask }: Subject,
  cells: Cells,
): Promise<{ readonly mask: Float64Array; readonly answer: Answer }> => {
  const mask = enlarged(cells, covered, pixelsOf(feed));
  const masked = arrays.take(feed.data.length);
  timesFactors(feed, mask, masked);
  const answer = await ask(masked);
  arrays.give(masked);
  return { mask, answer };
};
