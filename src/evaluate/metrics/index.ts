import { top1, top5 } from './accuracy.js';
import { clsLocError } from './cls-loc.js';
import { inside } from './inside.js';
import { gtKnown, top1Loc, top5Loc } from './localisation.js';
import { maxBoxAcc, maxBoxAccV2 } from './max-box-acc.js';
import type { Metric } from './metric.js';
import { pointingGame, strictPointingGame } from './pointing.js';
import { pxAp } from './px-ap.js';

/** Metrics by name, in the order of the table. A new one is a file and its entry here. */
export const metrics = {
  'top-1': top1,
  'top-5': top5,
  'GT-known': gtKnown,
  'top-1-loc': top1Loc,
  'top-5-loc': top5Loc,
  'CLS-LOC-error': clsLocError,
  MaxBoxAcc: maxBoxAcc,
  MaxBoxAccV2: maxBoxAccV2,
  PxAP: pxAp,
  pointing: pointingGame,
  'pointing-strict': strictPointingGame,
  inside,
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
