import type { PictureKind } from '../style.js';
import { crops } from './crop.js';
import { heatmaps } from './heatmap.js';
import { input } from './input.js';
import type { Kind } from './kind.js';
import { maps } from './map.js';
import { maps16 } from './map16.js';
import { masks } from './mask.js';
import { overlays } from './overlay.js';

/** How each kind of picture is drawn. A new one is a file, its entry here, and its name in `pictureKinds`. */
export const kinds: Readonly<Record<PictureKind, Kind>> = {
  overlay: overlays,
  heatmap: heatmaps,
  map: maps,
  map16: maps16,
  mask: masks,
  input,
  crop: crops,
};
