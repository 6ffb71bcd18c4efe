import { UsageError } from '../errors.js';
import { passesOf } from '../measure/index.js';
import type { ExplainOptions } from '../options/explain.js';

/** Of the time that a photo may take, what each forward pass of its measures may take beside it. */
const A_PASS = 1 / 15;

/** The longest time that Node can wait for, in seconds: 24 days. */
const LONGEST = 24 * 86_400;

/** Classes that a truth has in a photo, of which none is counted before: few photos show more. */
const TRUE_CLASSES = 10;

/** Seconds that a photo may take with its measures. @param timeout seconds that it may take without. */
export const secondsWithMeasures = (
  timeout: number,
  { measure, measureProfile, top, classes }: ExplainOptions,
  withTruth = false,
): number => {
  const passes = passesOf(
    measure,
    measureProfile,
    (classes.length > 0 ? classes.length : top) + (withTruth ? TRUE_CLASSES : 0),
  );
  return Math.min(LONGEST, timeout * (1 + passes * A_PASS));
};

/** @throws UsageError where a sample is named of which nothing is measured. */
export const refuseIdleSample = (sample: string | undefined, { measure }: ExplainOptions): void => {
  if (sample === undefined || measure.length > 0) return;
  throw new UsageError('usage', '--measure-sample says which photos are measured; add --measure insertion,deletion.');
};
