import { UsageError } from '../errors.js';
import { type Store, startOf } from '../stores/store.js';
import { EVALUATION, EVALUATION_LINES } from './evaluation.js';

const MARK = /^\{\s*"evaluation":\s*\d/;
const MARKED = 64;

/** @throws UsageError `foreign-file` where there is anything of an evaluation's names that is none of gapcam's. */
export const requireOwnFiles = async (store: Store): Promise<void> => {
  for (const name of [EVALUATION, EVALUATION_LINES]) {
    if (!(await store.has(name))) continue;
    const size = await store.sizeOf(name);
    if (size === 0 || (size !== undefined && MARK.test(await startOf(store, name, MARKED)))) continue;
    const found = size === undefined ? 'a folder, a link or a pipe' : 'another file';
    throw new UsageError('foreign-file', `${name} in ${store.place} is ${found} and none of gapcam's; move it away.`);
  }
};
