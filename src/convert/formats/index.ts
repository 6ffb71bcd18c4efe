import type { Format } from '../format.js';
import { coco } from './coco.js';
import { csv } from './csv.js';

/** Formats by name, in the order of help. A new one is a file and its entry here. */
export const formats = { coco, csv } satisfies Record<string, Format>;
