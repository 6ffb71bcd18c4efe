import { UsageError } from '../errors.js';
import { defineOption } from '../options/define.js';
import { runOptions } from '../options/run.js';
import { texts } from '../options/values.js';
import { REPORT } from '../report/own-files.js';
import { MANIFEST } from '../results/manifest.js';
import { mergeRuns } from '../run/merge.js';
import type { UnreadableLines } from '../run/newest.js';
import { placeOf } from '../stores/index.js';
import { below } from '../stores/places.js';
import { isSameFile } from '../stores/same-file.js';
import { counted, withoutReport } from '../terminal/lines.js';
import { defineCommand } from './command.js';
import { refuseForeignReport, reportRun } from './report-run.js';

const NAMED = 10;

/** The first of a long list. */
const someOf = (names: readonly string[]): string =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '');

/** Lines by their numbers: "lines 5 and 9". */
const numbered = ({ count, numbers }: UnreadableLines): string => {
  const last = count > numbers.length ? `${count - numbers.length} more` : String(numbers.at(-1));
  const before = count > numbers.length ? numbers : numbers.slice(0, -1);
  return count === 1 ? `line ${last}` : `lines ${before.join(', ')} and ${last}`;
};

export const merge = defineCommand({
  usage: 'merge <outputs..>',
  description: 'Join the results of several runs, such as the shards of one',
  positionals: {
    outputs: defineOption({ values: texts('folders of runs'), required: true, describe: 'Folders of runs' }),
  },
  options: {
    output: { ...runOptions.output, default: undefined, required: true, describe: 'The folder for all of them' },
    overwrite: runOptions.overwrite,
    exitZero: runOptions.exitZero,
  },
  run: async ({ outputs, output, overwrite, exitZero }, { note, signal }) => {
    const target = placeOf(output);
    const sources = [...new Set(outputs.map((folder) => placeOf(folder)))];
    if (sources.some((source) => isSameFile(source, target))) {
      throw new UsageError('usage', `${output} is one of the folders to merge; choose another --output.`);
    }
    await refuseForeignReport(target, ', or choose another --output');
    const counts = await mergeRuns({ outputs: sources, target, overwrite, signal });
    const { photos, failed, unread, missing, incomplete, unreadable } = counts;
    if (signal.aborted) return 130;
    const others = [
      failed > 0 ? `, ${failed} failed` : '',
      unread > 0 ? `, ${unread} of formats that are not read` : '',
    ];
    note(`${counted(photos, 'photo')} of ${counted(sources.length, 'run')} in ${output}${others.join('')}`);
    const report = await reportRun(target, undefined, signal);
    if (report === 'interrupted') {
      note(withoutReport(output));
      return 130;
    }
    if (report === 'made') note(`Report: ${below(output, REPORT)}`);
    if (missing.length > 0) note(`No folder was given of shard ${someOf(missing)}.`);
    if (incomplete.length > 0)
      note(`Not all photos were gone through in ${someOf(incomplete)}; run that again, and merge then.`);
    const given = new Map([output, ...outputs].map((folder) => [placeOf(folder), folder]));
    for (const lines of unreadable) {
      const file = below(given.get(lines.place) ?? lines.place, MANIFEST);
      note(
        `${counted(lines.count, 'line')} of ${file} cannot be read (${numbered(lines)}); run that again, and merge then.`,
      );
    }
    const lacking = missing.length + incomplete.length + unreadable.length;
    return lacking > 0 || (failed > 0 && !exitZero) ? 1 : 0;
  },
});
