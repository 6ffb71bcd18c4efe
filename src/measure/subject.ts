import { PhotoError } from '../errors.js';
import type { ArrayPool } from '../image/array-pool.js';
import type { Feed } from '../image/feed.js';
import type { Box } from '../maps/box.js';
import { cellsOf, mapOf, predictionsOf } from '../maps/result.js';
import { type Forwarded, forward } from '../model/network.js';
import type { Model } from '../model/prepare.js';
import type { Answer, Subject } from './measure.js';
import { pixelsOf } from './pixels.js';

const answerFrom = (model: Model, { features, pooled, logits }: Forwarded): Answer => {
  const predictionOf = predictionsOf(model, logits);
  return {
    logitOf: (index) => logits[index],
    // Of a network without scores nothing is measured: `refuseUnmeasurable`.
    scoreOf: (index) => predictionOf(index).score ?? Number.NaN,
    mapOf: (index) => {
      const head = model.headAt(pooled, logits);
      return cellsOf(mapOf(model.precision, features, head, predictionOf(index)));
    },
  };
};

const requireFinite = ({ logits }: Forwarded): void => {
  for (let i = 0; i < logits.length; i++) {
    if (Number.isFinite(logits[i])) continue;
    const message = 'The network gave numbers that are not finite for a part of the photo, so it cannot be measured.';
    throw new PhotoError('non-finite', message);
  }
};

const wholeOf = (feed: Feed): Box => {
  const { width, height } = pixelsOf(feed);
  return { x: 0, y: 0, width, height };
};

/**
 * A photo that was run once, ready to be measured.
 * @param feed the input as it was fed. It is read until the measures are taken.
 * @param covered what the cells cover, in pixels of the input. Undefined: all of it.
 */
export const subjectOf = (
  model: Model,
  feed: Feed,
  {
    full,
    covered,
    arrays,
  }: { readonly full: Forwarded; readonly covered: Box | undefined; readonly arrays: ArrayPool },
): Subject => ({
  feed,
  spec: model.input,
  covered: covered ?? wholeOf(feed),
  full: answerFrom(model, full),
  ask: async (data) => {
    const [forwarded] = await forward(model, [{ ...feed, data }]);
    requireFinite(forwarded);
    return answerFrom(model, forwarded);
  },
  arrays,
});
