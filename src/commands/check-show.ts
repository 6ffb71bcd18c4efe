import { UsageError } from '../errors.js';
import type { ExplainOptions } from '../options/explain.js';

/** @throws UsageError where pictures cannot be printed beside what else is asked for. */
export const checkShow = (
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
  { write }: Pick<ExplainOptions, 'write'>,
): void => {
  if (json || quiet) {
    const other = json ? '--json' : '--quiet';
    throw new UsageError('usage', `--show prints pictures where ${other} wants none; leave one of them out.`);
  }
  if (!write.includes('overlay')) throw new UsageError('usage', '--show shows overlays; add --write overlay.');
};
