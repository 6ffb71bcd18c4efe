import { UsageError } from '../errors.js';
import type { ExplainOptions } from '../options/explain.js';

/** What a person may ask for that leaves no picture to be shown. */
interface Asked {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly pack: boolean;
}

/** @throws UsageError where `--show` has nothing to print, or may not print it. */
export const checkShow = ({ json, quiet, pack }: Asked, { write }: ExplainOptions): void => {
  if (pack) {
    throw new UsageError('usage', '--show prints pictures, and --pack puts them away in tars; leave one of them out.');
  }
  if (json || quiet) {
    const other = json ? '--json' : '--quiet';
    throw new UsageError('usage', `--show prints pictures where ${other} wants none; leave one of them out.`);
  }
  if (!write.includes('overlay')) throw new UsageError('usage', '--show shows overlays; add --write overlay.');
};

/** Readers of tars take it that all samples have the same files. */
export const inOneFormat = (options: ExplainOptions): ExplainOptions => ({
  ...options,
  format: options.format ?? 'jpeg',
});
