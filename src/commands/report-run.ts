import { hasSeveralPhotos, isCurrent, removeReport, writeReport } from '../report/write.js';

/**
 * The report after a run: of all that its folder holds, or none.
 * @param wanted undefined: where there is more than one photo to walk through.
 * @returns whether there is one.
 */
export const reportRun = async (output: string, wanted: boolean | undefined): Promise<boolean> => {
  const make = wanted ?? (await hasSeveralPhotos(output));
  if (make && !(await isCurrent(output))) await writeReport(output);
  if (!make) await removeReport(output);
  return make;
};
