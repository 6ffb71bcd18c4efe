import { UsageError } from '../errors.js';

/** What a person may ask for that has no place in a run that writes no file. */
interface Asked {
  readonly output: string | undefined;
  readonly overwrite: boolean;
  readonly pack: boolean;
  readonly report: boolean | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly shard: string | undefined;
}

/** @throws UsageError where an option asks for a file, or nothing would come of the run. @param eachLine whether each line is answered. */
export const refuseWithNone = (
  { output, overwrite, pack, report, json, quiet, shard }: Asked,
  eachLine: boolean,
): void => {
  const idle = Object.entries({ '--output': output, '--overwrite': overwrite, '--pack': pack, '--report': report });
  const [flag] = idle.find(([, value]) => value !== undefined && value !== false) ?? [];
  if (flag !== undefined) {
    throw new UsageError('usage', `--write none makes no file, and ${flag} wants some; leave one of them out.`);
  }
  if (quiet && !json) throw new UsageError('usage', '--write none --quiet would say nothing; add --json.');
  if (eachLine && shard !== undefined) {
    throw new UsageError('usage', 'With --write none each line of standard input is answered; leave out --shard.');
  }
};
