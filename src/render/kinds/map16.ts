import { map16, wholeRange } from '../map16.js';
import type { Kind, Picture } from './kind.js';

/** Each map over the whole photo, as numbers of 16 bits. */
export const maps16: Kind = {
  needsPlaces: true,
  draw: async (_, { photo, field, seen, maps }) => {
    const pictures: Picture[] = [];
    for (const map of maps) {
      const bytes = await map16(map, { photo, field, seen }, photo, wholeRange(map));
      pictures.push({ kind: 'map16', class: map.class, label: map.label, ending: '.png', bytes });
    }
    return pictures;
  },
};
