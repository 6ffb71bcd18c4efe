import { hasSeveralPhotos, isCurrent, removeReport, writeReport } from '../report/write.js';

/**
 * Makes the report after a run, of all photos in its folder; or removes an earlier one where none is wanted.
 * @param wanted undefined: where there is more than one photo to walk through.
 * @returns whether the folder has a report now.
 */
export const reportRun = async (output: string, wanted: boolean | undefined): Promise<boolean> => {
  const make = wanted ?? (await hasSeveralPhotos(output));
  if (make && !(await isCurrent(output))) await writeReport(output);
  if (!make) await removeReport(output);
  return make;
};
