import type { PhotoLine } from '../results/line.js';
import { isAddress } from '../results/photo-name.js';
import { stateOfFile } from '../run/sources/file-state.js';
import { fileOf } from '../run/sources/names.js';
import { placeFrom } from '../stores/places.js';

/**
 * Tells whether a photo's file is another than the one explained: of another size, or written since. Not where its line does
 * not say what it was, or the file is gone.
 * @param output folder of the run, absolute. @param photos the run's folder of photos, as a path from there.
 */
export const changedReader = (output: string, photos: string): ((line: PhotoLine) => boolean) => {
  const folder = placeFrom(output, photos);
  return (line) => {
    // Not asked of what is far away. Its photos are not shown.
    const before = isAddress(line.photo) ? undefined : line.source;
    const now = before && stateOfFile(fileOf(folder, line.photo));
    return before !== undefined && now !== undefined && (before.size !== now.size || before.modified !== now.modified);
  };
};
