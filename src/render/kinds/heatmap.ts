import { transparentFormat } from '../formats.js';
import { heatmap } from '../heatmap.js';
import { encoded, heatOf, type Kind, type Picture } from './kind.js';

export const heatmaps: Kind = {
  needsPlaces: true,
  draw: async (look, subject, format) => {
    const pictures: Picture[] = [];
    for (const map of subject.maps) {
      const raster = heatmap(subject.photo, ...heatOf(look, subject, map), look.palette);
      pictures.push(await encoded('heatmap', map, raster, transparentFormat(format)));
    }
    return pictures;
  },
};
