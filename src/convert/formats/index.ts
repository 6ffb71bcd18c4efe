import type { Format } from '../format.js';
import { coco } from './coco.js';
import { csv } from './csv.js';
import { fiftyone } from './fiftyone.js';
import { hf } from './hf.js';
import { ilsvrc } from './ilsvrc.js';
import { irn } from './irn.js';
import { labelStudio } from './label-studio.js';
import { parquet } from './parquet.js';
import { voc } from './voc.js';
import { wsol } from './wsol.js';
import { yolo } from './yolo.js';

/** Formats by name, in the order of help. A new one is a file and its entry here. */
export const formats = {
  coco,
  voc,
  yolo,
  'label-studio': labelStudio,
  fiftyone,
  hf,
  parquet,
  csv,
  ilsvrc,
  wsol,
  irn,
} satisfies Record<string, Format>;
