import { choiceOf, invalidOption, UsageError } from '../../errors.js';
import type { Crop, Resize, Steps } from '../../image/geometry.js';
import { nearestOf } from '../../nearest.js';
import { isObject, type Json, MAX_EDGE } from './json.js';

/** Reads a field. @throws UsageError `invalid-option` that names it. */
type Field = (name: string, value: unknown) => unknown;

const wholeTo =
  (most: number): Field =>
  (name, value) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw invalidOption(name, `a whole number from 1 to ${most}`, value);
  };

const edge = wholeTo(MAX_EDGE);

const share: Field = (name, value) => {
  if (typeof value === 'number' && value > 0 && value <= 1) return value;
  throw invalidOption(name, 'a share of the shorter edge, above 0 and at most 1', value);
};

const yesOrNo: Field = (name, value) => {
  if (typeof value !== 'boolean') throw invalidOption(name, 'true or false', value);
  return value;
};

const always: Field = (name, value) => {
  if (value !== true) throw invalidOption(name, 'true', value);
  return value;
};

const oneOf =
  (...choices: readonly string[]): Field =>
  (name, value) =>
    choiceOf(name, choices, value);

const optional =
  (field: Field): Field =>
  (name, value) =>
    value === undefined ? undefined : field(name, value);

/** Reads an object that may have these fields and no others. Fields without a value are left out. */
const objectOf =
  (fields: Readonly<Record<string, Field>>): Field =>
  (name, value) => {
    if (!isObject(value)) throw invalidOption(name, 'an object', value);
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
    if (unknown !== undefined) {
      const nearest = nearestOf(unknown, Object.keys(fields));
      throw new UsageError('unknown-option', `There is no key ${name}.${unknown}; the nearest is ${name}.${nearest}.`);
    }
    const read = Object.entries(fields).map(([key, field]) => [key, field(`${name}.${key}`, value[key])] as const);
    return Object.fromEntries(read.filter(([, found]) => found !== undefined));
  };

/** A field for each of a type's, so that the compiler names one that is missing here. */
type FieldsOf<T> = { readonly [K in keyof T]-?: Field };

const steps = objectOf({ stride: edge, least: edge } satisfies FieldsOf<Steps>);

const box = { width: edge, height: edge };

type Rule = Resize['rule'];
type Ruled<R extends Rule, M = Resize> = M extends { readonly rule: infer Q } ? (R extends Q ? M : never) : never;

const rules: { readonly [R in Rule]: FieldsOf<Omit<Ruled<R>, 'rule'>> } = {
  none: {},
  exact: box,
  cover: box,
  contain: box,
  'longest-edge': { edge },
  'shortest-edge': {
    edge,
    longest: optional(edge),
    rounded: optional(always),
    steps: optional(objectOf({ width: steps, height: steps })),
  },
  'middle-square': { ...box, share, whole: yesOrNo },
};

const crop = objectOf({
  ...box,
  rounding: oneOf('floor', 'half-even'),
  padding: oneOf('near', 'far'),
} satisfies FieldsOf<Crop>);

/** A resize as an object: the rule and its fields. @throws UsageError that names a wrong field. */
export const readResize = (name: string, { rule, ...fields }: Json): Resize => {
  const known = choiceOf(`${name}.rule`, Object.keys(rules) as Rule[], rule);
  return { rule: known, ...(objectOf(rules[known])(name, fields) as object) } as Resize;
};

/** A crop as an object. @throws UsageError that names a wrong field. */
export const readCrop = (name: string, value: Json): Crop => crop(name, value) as Crop;
