import { isKnownError } from '../errors.js';
import type { ErrorLine } from '../results/line.js';
import type { KnownEntry } from '../truth/entry.js';
import type { OpenedTruth } from '../truth/index.js';

/** What a task says of the truth. Null: it has no entry for the photo. Undefined: no truth is given. */
export interface TaskTruth {
  readonly truth?: KnownEntry | null | undefined;
}

/** What the truth says of a photo, for its task; or the photo's failure, where the truth cannot tell. */
export const truthFor = async (
  truth: OpenedTruth | undefined,
  photo: string,
): Promise<TaskTruth | Pick<ErrorLine, 'error'>> => {
  if (truth === undefined) return {};
  try {
    return { truth: (await truth.entryOf(photo)) ?? null };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
};
