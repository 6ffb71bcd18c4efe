import { largestOf, smallestOf } from '../extremes.js';
import type { Box, Size } from '../maps/box.js';
import { halfEven } from '../rounding.js';

/**
 * Where a photo's pixels land in the network's input, and back. Every rule of resizing, cropping and padding
 * ends in one `Placement`, which serves both directions: pixels to the network, and maps back to the photo.
 */

/** A part of the photo, resized to `resized`, with its top left corner at `x`, `y` of the `canvas` that the network sees. */
export interface Placement {
  readonly photo: Size;
  /** The part that is resized: all of the photo, unless the rule crops first. */
  readonly source: Box;
  /** Whether the part is cut out before it is resized. If not, the filter also reads the pixels around it. */
  readonly cutFirst: boolean;
  readonly resized: Size;
  readonly canvas: Size;
  /** Columns added on the left as padding. Negative: columns cropped away. */
  readonly x: number;
  readonly y: number;
}

/** Edge lengths that fit a network's cells, in pixels: `least`, `least + stride`, `least + 2 * stride`... */
export interface Steps {
  readonly stride: number;
  readonly least: number;
}

/** How a photo is resized, before the crop. */
export type Resize =
  | { readonly rule: 'none' }
  | ({ readonly rule: 'exact' } & Size)
  /**
   * The shorter edge becomes `edge`. Where the longer edge would exceed `longest`, it becomes `longest` instead. The longer
   * edge is truncated, unless it is said to be rounded. With `steps`, each edge is then rounded to the nearest of its steps.
   */
  | {
      readonly rule: 'shortest-edge';
      readonly edge: number;
      readonly longest?: number;
      readonly rounded?: true;
      readonly steps?: { readonly width: Steps; readonly height: Steps };
    }
  | { readonly rule: 'longest-edge'; readonly edge: number }
  /** Keeps the aspect: the smallest size that covers the box, or the largest that fits into it; the rest is padded. */
  | ({ readonly rule: 'cover' | 'contain' } & Size)
  /** First the middle square, `share` of the shorter edge, cut at whole pixels or not. Then resized to the exact size. */
  | ({ readonly rule: 'middle-square'; readonly share: number; readonly whole: boolean } & Size);

/** How a centre crop rounds an odd margin: Hugging Face floors, torchvision rounds half to even. */
type Lean = 'floor' | 'half-even';

/** A centre crop. A smaller photo is padded; an odd pixel of padding goes to the `near` (left, top) or the `far` side. */
export interface Crop extends Size {
  readonly rounding: Lean;
  readonly padding: 'near' | 'far';
}

/** Which sides of a photo are padded where it is smaller than what it is laid into. */
export type Align = 'center' | 'top-left';

const shortestEdge = (photo: Size, { edge, longest, rounded }: Extract<Resize, { rule: 'shortest-edge' }>): Size => {
  const short = Math.min(photo.width, photo.height);
  const long = Math.max(photo.width, photo.height);
  // torchvision and Hugging Face both truncate with int(). PaddleClas rounds what it multiplies by a ratio.
  let [shorter, longer] = [edge, rounded ? halfEven(long * (edge / short)) : Math.trunc((edge * long) / short)];
  if (longest !== undefined && (long / short) * edge > longest) {
    const exact = (longest * short) / long;
    [shorter, longer] = [halfEven(exact), Math.trunc((exact * long) / short)];
  }
  return photo.width <= photo.height ? { width: shorter, height: longer } : { width: longer, height: shorter };
};

/** The nearest of the steps. Of two equally near ones, the larger. */
export const nearestStep = (size: number, { stride, least }: Steps): number =>
  least + stride * Math.max(0, Math.round((size - least) / stride));

const resizedSize = (resize: Resize, photo: Size): Size => {
  switch (resize.rule) {
    case 'none':
      return photo;
    case 'exact':
    case 'middle-square':
      return { width: resize.width, height: resize.height };
    case 'shortest-edge': {
      const { width, height } = shortestEdge(photo, resize);
      if (resize.steps === undefined) return { width, height };
      return { width: nearestStep(width, resize.steps.width), height: nearestStep(height, resize.steps.height) };
    }
    case 'longest-edge': {
      const ratio = resize.edge / Math.max(photo.width, photo.height);
      return { width: Math.trunc(photo.width * ratio), height: Math.trunc(photo.height * ratio) };
    }
    case 'cover':
    case 'contain': {
      const ratios = [photo.height / resize.height, photo.width / resize.width];
      const ratio = resize.rule === 'cover' ? smallestOf(ratios) : largestOf(ratios);
      return { width: halfEven(photo.width / ratio), height: halfEven(photo.height / ratio) };
    }
  }
};

const sourceOf = (resize: Resize, photo: Size): Box => {
  if (resize.rule !== 'middle-square') return { x: 0, y: 0, width: photo.width, height: photo.height };
  const short = Math.min(photo.width, photo.height);
  const ratio = Math.min(photo.width / resize.width, photo.height / resize.height);
  const cut = (size: number) => (resize.whole ? Math.trunc(size) : size);
  const width = cut(resize.width === resize.height ? short * resize.share : ratio * resize.width);
  const height = cut(resize.width === resize.height ? short * resize.share : ratio * resize.height);
  return { x: cut((photo.width - width) / 2), y: cut((photo.height - height) / 2), width, height };
};

/** Offset of a resized edge on the canvas. What is larger is cropped on both sides, however padding is aligned. */
const offsetOf = (
  resized: number,
  canvas: number,
  { rounding, padding }: Pick<Crop, 'rounding' | 'padding'>,
  align: Align,
): number => {
  const spare = canvas - resized;
  if (spare > 0 && align === 'top-left') return 0;
  if (spare > 0) return padding === 'near' ? Math.ceil(spare / 2) : Math.floor(spare / 2);
  return -(rounding === 'half-even' ? halfEven(-spare / 2) : Math.floor(-spare / 2));
};

/** What the resized photo is cropped and padded to. Undefined: it is the network's input as it is. */
const canvasOf = (resize: Resize, crop: Crop | undefined): Crop | undefined =>
  crop === undefined && resize.rule === 'contain'
    ? { width: resize.width, height: resize.height, rounding: 'half-even', padding: 'far' }
    : crop;

/**
 * @param crop centre crop. Undefined: the resized photo is the network's input, with the padding of `contain`.
 * @param align which sides are padded.
 */
export const place = (
  { width, height }: Size,
  resize: Resize,
  crop: Crop | undefined,
  align: Align = 'center',
): Placement => {
  const photo = { width, height };
  const fitted = resizedSize(resize, photo);
  // A very narrow photo keeps at least one pixel.
  const resized = { width: Math.max(1, fitted.width), height: Math.max(1, fitted.height) };
  const source = sourceOf(resize, photo);
  const cutFirst = resize.rule === 'middle-square' && resize.whole;
  const frame = canvasOf(resize, crop);
  if (frame === undefined) return { photo, source, cutFirst, resized, canvas: resized, x: 0, y: 0 };
  const canvas = { width: frame.width, height: frame.height };
  const x = offsetOf(resized.width, canvas.width, frame, align);
  const y = offsetOf(resized.height, canvas.height, frame, align);
  return { photo, source, cutFirst, resized, canvas, x, y };
};

/** Whether photos of all sizes and aspects become inputs of one size. */
export const hasOneSize = (resize: Resize, crop: Crop | undefined): boolean =>
  crop !== undefined || ['exact', 'middle-square', 'contain'].includes(resize.rule);

/**
 * A part of the network's input, in photo pixels. It reaches beyond the photo where the photo was padded.
 * @param covered the part that the cells of a map cover, in pixels of the canvas. Left out: all of the canvas.
 */
export const fieldOf = (
  { source, resized, canvas, x, y }: Placement,
  covered: Box = { ...canvas, x: 0, y: 0 },
): Box => {
  const perColumn = source.width / resized.width;
  const perRow = source.height / resized.height;
  return {
    x: source.x + (covered.x - x) * perColumn,
    y: source.y + (covered.y - y) * perRow,
    width: covered.width * perColumn,
    height: covered.height * perRow,
  };
};

/**
 * The part of the photo that reached the cells of a map, in photo pixels.
 * @param covered see `fieldOf`.
 */
export const seenRegion = (placement: Placement, covered?: Box): Box => {
  const { source } = placement;
  const field = fieldOf(placement, covered);
  const x = Math.max(source.x, field.x);
  const y = Math.max(source.y, field.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(source.x + source.width, field.x + field.width) - x),
    height: Math.max(0, Math.min(source.y + source.height, field.y + field.height) - y),
  };
};
