import { cut } from '../../image/resample/whole-pixels.js';
import type { Box, Size } from '../../maps/box.js';
import { encoded, type Kind, type Picture } from './kind.js';

/** Whole pixels of the photo in and around a box. @param margin on each side, as a share of the box's width and height. */
const around = ({ x, y, width, height }: Box, margin: number, photo: Size): Box => {
  const left = Math.max(0, Math.floor(x - margin * width));
  const top = Math.max(0, Math.floor(y - margin * height));
  const right = Math.min(photo.width, Math.ceil(x + (1 + margin) * width));
  const bottom = Math.min(photo.height, Math.ceil(y + (1 + margin) * height));
  return { x: left, y: top, width: right - left, height: bottom - top };
};

/** The photo in each map's best box, as a photo of its own. None of a map without boxes. */
export const crops: Kind = {
  needsPlaces: true,
  draw: async ({ margin }, { photo, maps }, format) => {
    const pictures: Picture[] = [];
    for (const map of maps) {
      const best = map.found?.parts.at(0);
      if (best === undefined) continue;
      pictures.push(await encoded('crop', map, cut(photo, around(best.box, margin, photo)), format));
    }
    return pictures;
  },
};
