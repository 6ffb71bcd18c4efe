import { cellsOf } from '../../maps/result.js';
import { npy } from '../npy.js';
import type { Kind } from './kind.js';

export const maps: Kind = {
  needsPlaces: false,
  draw: async (_, subject) =>
    subject.maps.map((map) => ({
      kind: 'map',
      class: map.class,
      label: map.label,
      ending: '.npy',
      bytes: npy(cellsOf(map)),
    })),
};
