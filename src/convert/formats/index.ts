import type { Format } from '../format.js';
import { coco } from './coco.js';
import { csv } from './csv.js';
import { ilsvrc } from './ilsvrc.js';
import { labelStudio } from './label-studio.js';
import { voc } from './voc.js';
import { yolo } from './yolo.js';

/** Formats by name, in the order of help. A new one is a file and its entry here. */
export const formats = {
  coco,
  voc,
  yolo,
  'label-studio': labelStudio,
  csv,
  ilsvrc,
} satisfies Record<string, Format>;
