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
