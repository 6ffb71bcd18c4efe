import { UNPRINTABLE } from './contract.js';

/** A value as JSON in one line, with control characters escaped that JSON allows but a terminal would act on. */
export const asJson = (value: object): string =>
  JSON.stringify(value).replace(UNPRINTABLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
