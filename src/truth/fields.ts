import { quoted } from '../errors.js';
import type { Check } from '../results/checks.js';
import { isRecord } from '../results/json.js';

/** What the fields of an element must be, each with its words: "a whole number". */
export type Fields = Readonly<Record<string, readonly [Check, words: string]>>;

/** Whether all fields are as they must be. */
export const haveFields = (value: unknown, fields: Fields): boolean =>
  isRecord(value) && Object.entries(fields).every(([name, [check]]) => check(value[name]));

/** The first field that is not as it must be: completes a sentence that begins with the element. Undefined: all are. */
export const wrongField = (value: unknown, fields: Fields): string | undefined => {
  if (!isRecord(value)) return `is ${quoted(value)}, and no object`;
  const [name, [, words] = []] = Object.entries(fields).find(([key, [check]]) => !check(value[key])) ?? [];
  if (name === undefined) return undefined;
  return value[name] === undefined ? `has no ${name}` : `has ${quoted(value[name])} as its ${name}, and not ${words}`;
};
