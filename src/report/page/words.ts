import { nameOf } from '../../cam/words.js';

const whole = new Intl.NumberFormat('en');

/** 20000 as "20,000". */
export const count = (number: number): string => whole.format(number);

/** "1 photo", "20,000 photos". */
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** What stands in the place of data that did not come. */
export const notLoaded = (what: string): string => `${what} cannot be loaded; reload the page`;

/** A value in logits, with a true minus, which nothing has. */
export const logits = (value: number): string =>
  value
    .toFixed(2)
    .replace(/^-0\.00$/, '0.00')
    .replace('-', '−');

/** The first name of a class, by its index. */
export const className = (labels: readonly string[], index: number): string =>
  nameOf({ class: index, label: labels[index] ?? '' });
