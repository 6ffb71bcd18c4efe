import type { Resize } from '../../image/geometry.js';
import type { Size } from '../../maps/box.js';

const scaled = (edge: number, from: number, to: number): number => Math.max(1, Math.trunc((edge * to) / from));

/** The same rule for another input size: it crops away the same share of the photo. */
export const resizeTo = (resize: Resize, from: Size, to: Size): Resize => {
  if (resize.rule === 'none') return resize;
  if (resize.rule === 'shortest-edge' || resize.rule === 'longest-edge') {
    return { ...resize, edge: scaled(resize.edge, Math.min(from.width, from.height), Math.min(to.width, to.height)) };
  }
  return {
    ...resize,
    width: scaled(resize.width, from.width, to.width),
    height: scaled(resize.height, from.height, to.height),
  };
};
