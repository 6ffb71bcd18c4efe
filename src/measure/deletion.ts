import { curveMeasure } from './curve.js';
import type { Measure } from './measure.js';

/** The area under the class's score while the photo is taken away, its strongest pixels first: the lower, the better. */
export const deletion: Measure = { ...curveMeasure('deletion'), lessIsBetter: true };
