import { enlarged } from './enlarge.js';
import type { Answer, Case, Measure, Reading, Subject } from './measure.js';
import { copyPixels, pixelsOf } from './pixels.js';
import { type CurveProfile, type CurveProfileName, curveProfileNames, curveProfiles } from './profiles.js';
import { replacements } from './replacement.js';

/** Pixels in the order of their values, the largest first. */
export const orderOf = (values: Float64Array, ties: CurveProfile['ties']): Uint32Array => {
  const turn = ties === 'highest' ? -1 : 1;
  const order = Uint32Array.from(values, (_, pixel) => pixel);
  return order.sort((a, b) => values[b] - values[a] || (a - b) * turn);
};

/** The last order of each map that is still there. */
const orders = new WeakMap<Case['map'], { subject: Subject; ties: CurveProfile['ties']; order: Uint32Array }>();

/** The order of a map's pixels over the input. Insertion and deletion of a photo share it. */
const sharedOrder = (subject: Subject, map: Case['map'], ties: CurveProfile['ties']): Uint32Array => {
  const found = orders.get(map);
  if (found?.subject === subject && found.ties === ties) return found.order;
  const order = orderOf(enlarged(map, subject.covered, pixelsOf(subject.feed)), ties);
  orders.set(map, { subject, ties, order });
  return order;
};

/** The area under a curve as a share of the largest possible. @param counts pixels that are changed at each point. */
export const areaUnder = (curve: readonly number[], counts: readonly number[], over: CurveProfile['over']): number => {
  const all = counts[counts.length - 1];
  const steps = curve.length - 1;
  return curve.slice(1).reduce((sum, score, i) => {
    const length = over === 'steps' ? 1 / steps : (counts[i + 1] - counts[i]) / all;
    return sum + ((score + curve[i]) / 2) * length;
  }, 0);
};

/** A tensor that is turned into another, with what the network says to both. */
interface Change {
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly first: Answer;
  readonly last: Answer;
}

/**
 * The scores of a case's classes while the pixels are changed in this order: at each point of the profile, one a class. No more
 * is kept of an answer, which holds a feature map.
 */
const scoresAt = async (
  { feed, ask, arrays }: Subject,
  { from, to, first, last }: Change,
  { order, classes }: { readonly order: Uint32Array; readonly classes: readonly number[] },
  counts: readonly number[],
): Promise<readonly (readonly number[])[]> => {
  const pixels = pixelsOf(feed);
  const scoresOf = ({ scoreOf }: Answer) => classes.map(scoreOf);
  const changed = arrays.take(feed.data.length);
  changed.set(from);
  const scores = [scoresOf(first)];
  for (let point = 1; point < counts.length - 1; point++) {
    copyPixels(pixels, order.subarray(counts[point - 1], counts[point]), to, changed);
    scores.push(scoresOf(await ask(changed)));
  }
  arrays.give(changed);
  return [...scores, scoresOf(last)];
};

/**
 * Insertion or deletion: pixels of the input are changed in the order of the map, and the class's score is followed.
 * @param kind `insertion`: from the replacement to the photo; `deletion`: from the photo to the replacement.
 */
export const curveMeasure = (kind: 'insertion' | 'deletion'): Measure => ({
  profiles: curveProfileNames,
  passes: (name, maps) => (curveProfiles[name as CurveProfileName].steps - 1) * (maps + 2) + 1,
  read: async (subject, cases, name) => {
    const profile: CurveProfile = curveProfiles[name as CurveProfileName];
    const { feed, full, ask, arrays } = subject;
    const size = pixelsOf(feed);
    const replaced = arrays.take(feed.data.length);
    replacements[profile[kind]](subject, replaced);
    const empty = await ask(replaced);
    const change: Change =
      kind === 'insertion'
        ? { from: replaced, to: feed.data, first: empty, last: full }
        : { from: feed.data, to: replaced, first: full, last: empty };
    const counts = profile.countsOf(size.width * size.height);
    const readings: (readonly Reading[])[] = [];
    for (const one of cases) {
      const order = sharedOrder(subject, one.map, profile.ties);
      const scores = await scoresAt(subject, change, { order, classes: one.classes }, counts);
      readings.push(
        one.classes.map((_, i) => {
          const curve = scores.map((atPoint) => atPoint[i]);
          return { score: areaUnder(curve, counts, profile.over), curve };
        }),
      );
    }
    arrays.give(replaced);
    return readings;
  },
});
