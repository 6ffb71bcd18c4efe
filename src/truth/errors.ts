import { UsageError } from '../errors.js';

/** @param found what is wrong and where, as the beginning of a sentence. @param wayOut what a person can do. */
export const badTruth = (found: string, wayOut: string, cause?: unknown): UsageError =>
  new UsageError('bad-truth', `${found}; ${wayOut}.`, cause);
