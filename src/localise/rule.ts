import { invalidOption } from '../errors.js';

/**
 * Which pixels of an enlarged class map belong to boxes and masks.
 *
 * - `of-max`: above a share of the map's largest value (Zhou et al. 2016, section 3: 0.2).
 * - `otsu`: above the value that parts the heat best into two kinds (Otsu 1979).
 * - `share`: the strongest pixels, as few as hold this share of the positive evidence.
 * - `logits`: above a value in logits, the same for all photos.
 */
export type BoxRule =
  | { readonly kind: 'of-max' | 'share'; readonly share: number }
  | { readonly kind: 'otsu' }
  | { readonly kind: 'logits'; readonly logits: number };

export const DEFAULT_RULE: BoxRule = { kind: 'of-max', share: 0.2 };

const EXPECTED = 'a share of the largest value such as 0.2, otsu, share:0.8 or logits:4';

const isShare = (value: number): boolean => value > 0 && value < 1;

/**
 * The rule in words: `0.2`, `otsu`, `share:0.8` or `logits:4`.
 * @param name the option's name in an error.
 * @throws UsageError `invalid-option`. Shares lie between 0 and 1, logits above 0.
 */
export const parseRule = (name: string, given: unknown): BoxRule => {
  if (given === 'otsu') return { kind: 'otsu' };
  const [, prefix = '', digits = ''] = /^(?:(share|logits):)?(\S+)$/.exec(String(given)) ?? [];
  const value = digits === '' ? Number.NaN : Number(digits);
  if (prefix === 'logits' && value > 0 && Number.isFinite(value)) return { kind: 'logits', logits: value };
  if (prefix !== 'logits' && isShare(value)) return { kind: prefix === 'share' ? 'share' : 'of-max', share: value };
  throw invalidOption(name, EXPECTED, given);
};

/** The rule in words that have been read once; without words, the usual one. */
export const ruleOf = (words: unknown): BoxRule => (words === undefined ? DEFAULT_RULE : parseRule('boxes', words));

/** The words that `parseRule` reads. */
export const ruleWords = (rule: BoxRule): string => {
  switch (rule.kind) {
    case 'of-max':
      return String(rule.share);
    case 'otsu':
      return 'otsu';
    case 'share':
      return `share:${rule.share}`;
    case 'logits':
      return `logits:${rule.logits}`;
  }
};
