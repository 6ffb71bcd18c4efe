import { DEFAULT_RULE, parseRule, ruleWords } from '../localise/rule.js';
import type { Values } from './values.js';

/** A rule for boxes in words: a share of the largest value such as 0.2, otsu, share:0.8 or logits:4. Without a word: 0.2. */
export const boxRule: Values<string> = {
  words: 'some',
  isValue: (word) => /^(-?[\d.]+|otsu|(share|logits):.*)$/i.test(word),
  fromWord: (word) => (word === '' ? ruleWords(DEFAULT_RULE) : word),
  check: (name, value) => ruleWords(parseRule(name, value)),
};
