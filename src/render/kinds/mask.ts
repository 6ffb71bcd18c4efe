import sharp from 'sharp';
import { maskOf } from '../../localise/mask.js';
import type { Kind, Picture } from './kind.js';

/** The pixels of all parts that have boxes, 255 of 255, in the photo's size. */
export const masks: Kind = {
  needsPlaces: true,
  draw: async (_, { photo, maps }) => {
    const { width, height } = photo;
    const pictures: Picture[] = [];
    for (const { class: index, label, found } of maps) {
      if (found === undefined) throw new Error('a mask needs the parts of its map');
      const mask = maskOf(
        found,
        found.parts.flatMap(({ runs }) => runs),
        photo,
      );
      const bytes = await sharp(mask, { raw: { width, height, channels: 1 } })
        .toColourspace('b-w')
        .png()
        .toBuffer();
      pictures.push({ kind: 'mask', class: index, label, ending: '.png', bytes });
    }
    return pictures;
  },
};
