import { type BoxRule, parseRule } from '../localise/rule.js';
import type { Values } from './values.js';

/** A rule for boxes in words: a share of the largest value such as 0.2, otsu, share:0.8 or logits:4. */
export const boxRule: Values<BoxRule> = {
  words: 'one',
  fromWord: (word) => word,
  check: parseRule,
};
