import type { Rgb } from '../../image/decode.js';
import { drawBoxes } from '../boxes.js';
import { above, sideBySide } from '../canvas.js';
import { caption, fontSizeFor } from '../caption.js';
import { overlay } from '../overlay.js';
import type { PictureStyle } from '../style.js';
import { encoded, heatOf, type Kind, type Picture, type Subject, type SubjectMap } from './kind.js';

const copyOf = ({ width, height, data }: Rgb): Rgb => ({ width, height, data: Uint8Array.from(data) });

/** One overlay with its boxes and its caption. @param canvas the photo's pixels, which are overwritten. */
const panel = async (look: PictureStyle, subject: Subject, map: SubjectMap, canvas: Rgb): Promise<Rgb> => {
  overlay(canvas, ...heatOf(look, subject, map), look.blendTable);
  if (map.boxes !== undefined) await drawBoxes(canvas, map, look.caption || look.layout === 'strip');
  return look.caption ? above(canvas, await caption(map, look.bar, canvas)) : canvas;
};

const drawStrip: Kind['draw'] = async (look, subject, format) => {
  const { photo, maps } = subject;
  const panels: Rgb[] = [photo];
  for (const map of maps) panels.push(await panel(look, subject, map, copyOf(photo)));
  return [await encoded('strip', undefined, sideBySide(panels, fontSizeFor(photo)), format)];
};

const drawSeparately: Kind['draw'] = async (look, subject, format) => {
  const { photo, maps } = subject;
  const pictures: Picture[] = [];
  for (const [i, map] of maps.entries()) {
    // The last overlay overwrites the photo's own pixels: a copy takes about as long as the overlay itself.
    const canvas = i === maps.length - 1 ? photo : copyOf(photo);
    pictures.push(await encoded('overlay', map, await panel(look, subject, map, canvas), format));
  }
  return pictures;
};

export const overlays: Kind = {
  needsPlaces: true,
  draw: (look, ...rest) => (look.layout === 'strip' ? drawStrip : drawSeparately)(look, ...rest),
};
