import { numberIn, spoiled, textIn } from './hostile.js';
import type { Random } from './random.js';

/** JSON that is changed by its structure, so that most of it is still what a program looks for. */

// What `JSON.stringify` cannot write is put in place of a mark.
const written: readonly string[] = [
  '1e400',
  '-1e400',
  '-0',
  '1E-400',
  '123456789012345678901234567890',
  '"\\ud800"',
  '"\\u0000"',
  '[1,2,',
  '{"a":1,"a":2}',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"toString":1,"valueOf":null,"length":-1}',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  `[${'0,'.repeat(300_000)}0]`,
];

const markOf = (index: number): string => `@written ${index}@`;

const stringify = (value: unknown): string =>
  written.reduce(
    (text, words, index) => text.replaceAll(`"${markOf(index)}"`, () => words),
    JSON.stringify(value) ?? 'null',
  );

const plain: readonly unknown[] = [null, true, false, [], {}, '', 0, [null], [[]], { length: 1e9 }, { 0: 'a', 2: 'b' }];

const anything = (random: Random, folder: string): unknown => {
  const kind = random.below(4);
  if (kind === 0) return random.pick(plain);
  if (kind === 1) return textIn(random, folder);
  if (kind === 2) return numberIn(random);
  return markOf(random.below(written.length));
};

type Keyed = Record<string, unknown>;

const isKeyed = (value: unknown): value is Keyed => typeof value === 'object' && value !== null;

const copied = (value: Keyed, entries: readonly (readonly [string, unknown])[]): unknown =>
  // `fromEntries` makes even `__proto__` a plain key.
  Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);

/** The value with one part of it changed, at any depth. */
const changed = (value: unknown, random: Random, folder: string): unknown => {
  if (!isKeyed(value) || random.chance(0.1)) {
    if (typeof value === 'number' && random.chance(0.5)) return numberIn(random);
    return typeof value === 'string' && random.chance(0.5) ? textIn(random, folder) : anything(random, folder);
  }
  const entries = Object.entries(value);
  const at = random.below(entries.length + 1);
  if (at === entries.length) return copied(value, [...entries, [textIn(random, folder), anything(random, folder)]]);
  const [key, item] = entries[at];
  const put = (...instead: readonly (readonly [string, unknown])[]) =>
    copied(value, [...entries.slice(0, at), ...instead, ...entries.slice(at + 1)]);
  const kind = random.below(10);
  if (kind === 0) return put();
  if (kind === 1) return put([textIn(random, folder), item]);
  if (kind === 2) return put([key, item], [key, item], [`${key} `, item]);
  return put([key, changed(item, random, folder)]);
};

/**
 * One JSON text from another.
 * @param folder of the case, to which hostile paths lead.
 * @returns bytes, as they may be no text at all.
 */
export const mutateJson = (text: string, random: Random, folder: string): Uint8Array => {
  if (random.chance(0.08)) return spoiled(Buffer.from(text), random);
  if (random.chance(0.04)) return Buffer.from(random.pick(['', '\ufeff{}', 'null', '[]', '"', '0', ...written]));
  let value: unknown = JSON.parse(text);
  for (let left = 1 + random.below(3); left > 0; left--) value = changed(value, random, folder);
  return Buffer.from(stringify(value));
};
