import { extentOf } from '../../localise/plane.js';
import type { BoxRule } from '../../localise/rule.js';
import { boxOf, type Size } from '../../maps/box.js';
import { havePlaces } from '../../maps/feature-map.js';
import { NO_GRID } from '../../maps/remarks.js';
import { rangesOf } from '../../maps/scale.js';
import { isAddress, placeOfName } from '../../results/photo-name.js';
import type { ExplainedPhoto } from '../data.js';
import { boxElements, styleOf } from './boxes.js';
import type { PlacedMap, Report } from './data.js';
import { element } from './dom.js';
import { drawHeat } from './heat.js';
import type { Look } from './state.js';
import { notLoaded, notShown } from './words.js';

// A byte of a name that belongs to no character is kept as one of these, see `textOf` in src/stores/paths.ts.
const byte = /([\uDC80-\uDCFF])/u;

const encodeSegment = (name: string): string =>
  name
    .split(byte)
    .map((part) => (byte.test(part) ? `%${(part.charCodeAt(0) - 0xdc00).toString(16)}` : encodeURIComponent(part)))
    .join('');

const encodeSegments = (path: string): string => path.split('/').map(encodeSegment).join('/');

/** Where a photo lies, from the page. */
const photoAddress = (folder: string, photo: string): string => {
  const { elsewhere, path } = placeOfName(photo);
  return `${elsewhere ? '' : encodeSegments(folder)}/${encodeSegments(path)}`;
};

/** Only Safari shows TIFF files. */
const isTiff = (photo: string): boolean => /\.tiff?$/i.test(photo);

/** Largest size within a box at the photo's own aspect, in whole pixels. */
const sizeWithin = (box: Size, { width, height }: Size): Size => {
  const ratio = Math.min(box.width / width, box.height / height);
  return { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) };
};

/** Where in a picture of the photo the part lies that the network saw. */
export const seenStyle = (photo: ExplainedPhoto) => styleOf(boxOf(photo.seen), photo);

/** A photo with one of its maps laid over the part that the network saw. */
export interface PhotoFigure {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Draws the map, or takes the heat away where there is none; says so where the map cannot be loaded. */
  readonly draw: (shown: PlacedMap | undefined, look: Look) => Promise<void>;
}

/** The canvas over what the network saw, in a picture of that size. */
const heatCanvas = (photo: ExplainedPhoto, size: Size): HTMLCanvasElement => {
  const [, , width, height] = photo.seen;
  const canvas = element('canvas', {
    className: 'heat',
    width: Math.max(1, Math.round((width / photo.width) * size.width)),
    height: Math.max(1, Math.round((height / photo.height) * size.height)),
  });
  Object.assign(canvas.style, seenStyle(photo));
  return canvas;
};

/** @param missing called where the photo cannot be shown, or another photo lies in its place. */
const imageOf = (photo: ExplainedPhoto, folder: string, missing: () => void): HTMLImageElement => {
  const src = photoAddress(folder, photo.photo);
  const image = element('img', { src, alt: '', decoding: 'async', draggable: false });
  image.addEventListener('error', missing);
  // A heatmap over another photo of the same name would be a lie.
  image.addEventListener('load', () => {
    if (image.naturalWidth !== photo.width || image.naturalHeight !== photo.height) missing();
  });
  return image;
};

// A page cannot look into these.
const inArchive = /\.(tar|parquet)\//i;
const packed = /^pictures\/\d+\.tar(?=\/)/;

/** Why a photo is not drawn on, in words. */
const reasonOf = ({ photo, changed }: ExplainedPhoto): string => {
  if (changed) return 'photo changed since';
  if (isAddress(photo)) return 'photo is on no disk';
  if (inArchive.test(photo)) return 'photo is in an archive';
  return isTiff(photo) ? 'photo cannot be shown here' : 'photo not found';
};

/** @throws Error where the cells do not fill the grid. */
const drawMap = (
  canvas: HTMLCanvasElement,
  photo: ExplainedPhoto,
  { map, at }: PlacedMap,
  data: Float32Array | undefined,
  look: Look,
): void => {
  const [rows, columns] = map.grid;
  if (data?.length !== rows * columns) throw new Error(`${data?.length ?? 0} of ${rows * columns} cells`);
  drawHeat(canvas, { rows, columns, data }, extentOf(photo), rangesOf(look.scale, photo.maps)[at], look);
};

/** Adds a map's boxes to the frame. */
const drawBoxes = (
  frame: HTMLElement,
  photo: ExplainedPhoto,
  { map: { grid } }: PlacedMap,
  data: Float32Array,
  rule: BoxRule,
): readonly HTMLElement[] => {
  const boxes = boxElements(photo, { rows: grid[0], columns: grid[1], data }, rule);
  for (const box of boxes) frame.append(box);
  return boxes;
};

/** What stands in for a photo that cannot be shown: the overlay that the run wrote, if it wrote one, and why. */
const standIn = (frame: HTMLElement, photo: ExplainedPhoto, overlay: string | undefined): readonly HTMLElement[] => {
  const why = reasonOf(photo);
  const placeholder = (text: string) => element('span', { className: 'placeholder' }, text);
  if (!overlay) return [placeholder(why)];
  const [tar] = packed.exec(overlay) ?? [];
  if (tar !== undefined) {
    return [element('span', { className: 'note' }, `${why}, overlay in ${tar}`)];
  }
  const written = element('img', { className: 'written', src: encodeSegments(overlay), alt: '' });
  const isThere = photo.changed || isAddress(photo.photo) || isTiff(photo.photo);
  const neither = isThere ? `${why}, and its overlay is not found` : 'neither photo nor overlay found';
  written.addEventListener('error', () => frame.replaceChildren(placeholder(neither)));
  return [written, element('span', { className: 'note' }, `${why}: overlay as the run wrote it`)];
};

/**
 * Longer than other functions: the photo and its map come in any order, and what is shown depends on both.
 * @param box that the picture fits into, in pixels of the page.
 */
export const photoFigure = ({ run, cellsOf }: Report, index: number, photo: ExplainedPhoto, box: Size): PhotoFigure => {
  const size = sizeWithin(box, photo);
  const canvas = heatCanvas(photo, size);
  const frame = element('span', { className: 'frame' });
  Object.assign(frame.style, { width: `${size.width}px`, aspectRatio: `${size.width} / ${size.height}` });

  // Without it, a photo whose map did not come would look like one without evidence.
  const lost = element('span', { className: 'note' });
  const sayLost = (why: string) => {
    canvas.hidden = true;
    lost.textContent = why;
    if (photoIsThere) frame.append(lost);
  };
  let boxes: readonly HTMLElement[] = [];
  let current: PlacedMap | undefined;
  let photoIsThere = !photo.changed && !isAddress(photo.photo);
  // Over the photo, or over nothing where no other picture of it can be shown.
  const isDrawn = () => current !== undefined && (photoIsThere || packed.test(current.map.overlay ?? ''));
  const showStandIn = () => {
    canvas.hidden = !isDrawn();
    frame.replaceChildren(canvas, ...standIn(frame, photo, current?.map.overlay));
  };
  if (photoIsThere) {
    const missing = () => {
      photoIsThere = false;
      showStandIn();
    };
    frame.append(imageOf(photo, run.photos, missing), canvas);
  }

  return {
    element: frame,
    canvas,
    draw: async (shown, look) => {
      current = shown;
      lost.remove();
      for (const box of boxes) box.remove();
      if (!photoIsThere) showStandIn();
      canvas.hidden = !isDrawn();
      if (shown === undefined) return;
      if (!havePlaces(run.head)) {
        sayLost(NO_GRID);
        return;
      }
      const { at } = shown;
      const cells = await cellsOf(index).catch(() => undefined);
      if (current !== shown) return;
      if (cells === undefined) {
        sayLost(notLoaded('heatmap'));
        return;
      }
      try {
        drawMap(canvas, photo, shown, cells[at], look);
        if (isDrawn() && look.boxes) boxes = drawBoxes(frame, photo, shown, cells[at], look.boxes);
      } catch (error) {
        sayLost(notShown('heatmap', error));
      }
    },
  };
};
