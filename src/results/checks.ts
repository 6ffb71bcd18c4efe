import { isNumber, isRecord } from './json.js';

/** Checks of values that a stranger may have written, made of others. */

export type Check = (value: unknown) => boolean;

/** For fields that no reader uses. They may be edited or missing. */
export const anything: Check = () => true;

/** For fields that are missing in results of earlier versions. */
export const orMissing =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

/** A check for each field of a record, in the order in which the fields are written. */
export type Schema<T> = { readonly [Key in keyof Required<T>]: (value: unknown, record: T) => boolean };

export const numbers = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every(isNumber);
export const fits = <T>(schema: Schema<T>, value: unknown): boolean =>
  isRecord(value) &&
  Object.entries<Schema<T>[keyof T]>(schema).every(([key, isRight]) => isRight(value[key], value as T));
export const listOf =
  <T>(schema: Schema<T>): Check =>
  (value) =>
    Array.isArray(value) && value.every((item) => fits(schema, item));
