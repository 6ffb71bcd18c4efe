import type { LeftOut } from './judged.js';

/** Why photos or maps are in no result, and what a person can do. */
export const reasons: Record<LeftOut, string> = {
  'no-truth': 'not in the truth',
  'bad-truth': 'whose truth is damaged',
  failed: 'failed',
  'no-object': 'without an object',
  'unknown-class': 'of classes that the network lacks',
  'no-map': 'without a map of the true class; gapcam --truth makes one',
  'no-place': 'without a true place',
  'no-mask': 'without a mask',
  difficult: 'difficult',
  'few-predictions': 'with fewer than five predictions noted; gapcam --top 5 notes them',
  blacklisted: 'on the blacklist',
};
