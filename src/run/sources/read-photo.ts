import { PhotoError, reasonOf, systemCode } from '../../errors.js';
import { readRegular, UnfitFile } from '../../regular-file.js';
import { whenFilesAreFree } from '../../stores/crowded.js';
import { pathOf } from '../../stores/paths.js';
import { stateOfStats } from './file-state.js';
import type { PhotoFile } from './source.js';

// A larger file is not a photo, or has more pixels than the decoder accepts.
export const MAX_BYTES = 2 ** 30;

const unfit = {
  'not-a-file': 'This is no file, but a folder, a pipe or a device.',
  'too-large': 'The file is larger than 1 GiB, which is no photo.',
} as const;

export const tooLarge = (): PhotoError => new PhotoError('too-large', unfit['too-large']);

/** The photo's error for what kept its file from being read. */
export const asPhotoError = (error: unknown): PhotoError => {
  if (error instanceof PhotoError) return error;
  if (error instanceof UnfitFile) return new PhotoError(error.code, unfit[error.code], error);
  if (systemCode(error) === 'ENOENT') return new PhotoError('missing', 'The file is not there.', error);
  return new PhotoError('unreadable', `The file cannot be read (${reasonOf(error)}).`, error);
};

/**
 * Reads a photo's file as a whole.
 * @param file absolute path.
 * @throws PhotoError `missing`, `unreadable`, `not-a-file`, `too-large`.
 */
export const readPhoto = async (file: string): Promise<PhotoFile> => {
  try {
    const { bytes, stats } = await whenFilesAreFree(() => readRegular(pathOf(file), MAX_BYTES));
    // The state from before reading: where the file is written meanwhile, the next run finds another.
    return { bytes, state: stateOfStats(stats) };
  } catch (error) {
    throw asPhotoError(error);
  }
};
