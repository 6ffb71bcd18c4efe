import { nameOf, shortLogits, shortNumber, unitOf, verdictRemark, withUnit } from '../../maps/remarks.js';
import type { LogitRange } from '../../maps/scale.js';
import type { MapEntry } from '../data.js';

const whole = new Intl.NumberFormat('en');

/** 20000 as "20,000". */
export const count = (number: number): string => whole.format(number);

/** "1 photo", "20,000 photos". */
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** What stands in the place of data that did not come. */
export const notLoaded = (what: string): string => `${what} cannot be loaded; reload the page`;

/** An error in words, for what stands in the place of what it kept from being shown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What stands in the place of something whose data are not what a run writes. */
export const notShown = (what: string, error: unknown): string =>
  `${what} cannot be shown: its data are damaged (${reasonOf(error)})`;

/** A value in logits, with a true minus, which nothing has. */
export const logits = (value: number): string =>
  value
    .toFixed(2)
    .replace(/^-0\.00$/, '0.00')
    .replace('-', '−');

/**
 * Logits of a map's largest value below which it hardly says anything: if each cell added as much as the strongest, the
 * odds of the class would be e^0.1 = 1.1 times what they are without any evidence.
 */
const HARDLY = 0.1;

/** What must be known of a map before its colours are believed; empty where all is well. */
export const warningsOf = (map: MapEntry, range: LogitRange): string => {
  const hardly = map.score !== null && map.verdict === 'ok' && map.max < HARDLY ? ['hardly any evidence'] : [];
  return [...hardly, verdictRemark({ ...map, range })].filter((part) => part !== '').join(', ');
};

/** How strong a map is; empty where it shows no evidence. */
export const strengthOf = (map: MapEntry): string => {
  const { verdict, max } = map;
  return verdict === 'ok' || verdict === 'mostly-elsewhere' || (verdict === 'damaged-photo' && max > 0)
    ? `up to ${withUnit(shortLogits(max), unitOf(map))}`
    : '';
};

/** A value in its unit, which is not named: two digits after the point of logits, four figures of anything else. */
export const measured = (value: number, unit: string): string =>
  unit === 'logits' ? logits(value) : shortNumber(value);

/** ", in logits"; nothing where no unit is said. */
export const inUnit = (unit: string): string => (unit === '' ? '' : `, in ${unit}`);

// What turns the direction of writing would let one name pass for another. The same as in src/render/text.ts, with the
// marks that have no width.
const turns = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name, label or message with the characters in sight that turn the direction of writing: "[U+202E]". */
export const inSight = (text: string): string =>
  text.replace(turns, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase()}]`);

/** The first name of a class, by its index. */
export const className = (labels: readonly string[], index: number): string =>
  inSight(nameOf({ class: index, label: labels[index] ?? '' }));

/** A score or measure, which may be below 0. */
export const decimals = (value: number): string => value.toFixed(3).replace('-', '−');
