import { join } from 'node:path';
import { isFile } from '../probe.js';

/** The files of a folder of wsolevaluation's metadata. Each line begins with a photo's id, most often its path. */
export const WSOL_FILES = {
  labels: 'class_labels.txt',
  sizes: 'image_sizes.txt',
  places: 'localization.txt',
} as const;

/** Whether the folder holds such metadata. */
export const isWsol = (folder: string): boolean => isFile(join(folder, WSOL_FILES.labels));
