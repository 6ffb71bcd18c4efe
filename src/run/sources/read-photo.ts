import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PhotoError, reasonOf, systemCode } from '../../errors.js';
import { whenFilesAreFree } from '../../stores/crowded.js';
import { pathOf } from '../../stores/paths.js';
import { stateOfStats } from './file-state.js';
import type { PhotoFile } from './source.js';

// A larger file is not a photo, or has more pixels than the decoder accepts.
const MAX_BYTES = 2 ** 30;

// Without O_NONBLOCK, opening a pipe waits until another process writes to it.
const OPEN_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const readOpen = async (handle: FileHandle): Promise<PhotoFile> => {
  const stats = await handle.stat();
  if (!stats.isFile()) throw new PhotoError('not-a-file', 'This is no file, but a folder, a pipe or a device.');
  if (stats.size > MAX_BYTES) throw new PhotoError('too-large', 'The file is larger than 1 GiB, which is no photo.');
  // The state from before reading: where the file is written meanwhile, the next run finds another.
  return { bytes: await handle.readFile(), state: stateOfStats(stats) };
};

/**
 * Reads a photo's file as a whole.
 * @param file absolute path.
 * @throws PhotoError `missing`, `unreadable`, `not-a-file`, `too-large`.
 */
export const readPhoto = async (file: string): Promise<PhotoFile> => {
  try {
    const handle = await whenFilesAreFree(() => open(pathOf(file), OPEN_AT_ONCE));
    try {
      return await readOpen(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof PhotoError) throw error;
    if (systemCode(error) === 'ENOENT') throw new PhotoError('missing', 'The file is gone.', error);
    throw new PhotoError('unreadable', `The file cannot be read (${reasonOf(error)}).`, error);
  }
};
