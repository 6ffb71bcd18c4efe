import { curveMeasure } from './curve.js';

/** The area under the class's score while the photo comes back, its strongest pixels first: the higher, the better. */
export const insertion = curveMeasure('insertion');
