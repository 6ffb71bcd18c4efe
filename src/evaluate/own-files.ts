import { UsageError } from '../errors.js';
import { type Store, startOf } from '../stores/store.js';
import { EVALUATION, EVALUATION_LINES } from './evaluation.js';

const MARK = /^\{\s*"evaluation":\s*\d/;
const MARKED = 64;

/** Whether a file of an evaluation's name is one of gapcam's, of any version. An empty one is. */
export const isOwnEvaluation = async (store: Store, name: string): Promise<boolean> => {
  const size = await store.sizeOf(name);
  return size === 0 || (size !== undefined && MARK.test(await startOf(store, name, MARKED)));
};

/** @throws UsageError `foreign-file` where there is anything of an evaluation's names that is none of gapcam's. */
export const requireOwnFiles = async (store: Store): Promise<void> => {
  for (const name of [EVALUATION, EVALUATION_LINES]) {
    if (!(await store.has(name)) || (await isOwnEvaluation(store, name))) continue;
    const found = (await store.sizeOf(name)) === undefined ? 'a folder, a link or a pipe' : 'another file';
    throw new UsageError('foreign-file', `${name} in ${store.place} is ${found} and none of gapcam's; move it away.`);
  }
};
