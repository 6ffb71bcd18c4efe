import { isOwnPage, refuseForeign } from '../report/own-files.js';
import { hasSeveralPhotos, isCurrent, removeReport, writeReport } from '../report/write.js';
import { openStore } from '../stores/index.js';
import { unlessStopped } from './unless-interrupted.js';

/** Whether a folder has a report now; whether the person interrupted before it had. */
type Outcome = 'made' | 'none' | 'interrupted';

/**
 * Makes the report after a run, of all photos in its folder; or removes an earlier one where none is wanted.
 * @param wanted undefined: where there is more than one photo to walk through.
 */
export const reportRun = async (output: string, wanted: boolean | undefined, signal: AbortSignal): Promise<Outcome> => {
  const isMade = wanted ?? (await hasSeveralPhotos(output));
  if (!isMade) {
    await removeReport(output);
    return 'none';
  }
  const make = async (): Promise<Outcome> => {
    if (!(await isCurrent(output, signal))) await writeReport(output, signal);
    return 'made';
  };
  return (await unlessStopped(make(), signal)) ?? 'interrupted';
};

/** Makes the report of a run again, where it has one. */
export const renewReport = async (output: string, signal: AbortSignal): Promise<Outcome> =>
  (await isOwnPage(openStore(output))) ? reportRun(output, true, signal) : 'none';

/** Refuses a run whose report would replace what is somebody's own. @param ways out beside moving that away, in words. */
export const refuseForeignReport = (output: string, ways: string): Promise<void> =>
  refuseForeign(openStore(output), undefined, ways);
