/**
 * Where a photo's pixels land in the network's input, and back. Every rule of resizing, cropping and padding ends in
 * one `Placement`, so the way forward (pixels) and the way back (maps) cannot disagree.
 */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Left, top, width, height; real numbers where in photo pixels. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** A photo resized to `resized`, laid with its corner at `x`, `y` on the `canvas` that the network sees. */
export interface Placement {
  readonly photo: Size;
  readonly resized: Size;
  readonly canvas: Size;
  /** Negative: that many columns are cropped away on the left. Positive: padded. */
  readonly x: number;
  readonly y: number;
}

/** How a photo is resized, before the crop. */
export type Resize = { readonly rule: 'shortest-edge'; readonly edge: number } | ({ readonly rule: 'exact' } & Size);

const resizedSize = (resize: Resize, photo: Size): Size => {
  if (resize.rule === 'exact') return { width: resize.width, height: resize.height };
  const { edge } = resize;
  // The longer edge is cut off, not rounded: torchvision and Hugging Face both use int().
  return photo.width <= photo.height
    ? { width: edge, height: Math.trunc((edge * photo.height) / photo.width) }
    : { width: Math.trunc((edge * photo.width) / photo.height), height: edge };
};

/** Which way a centre crop leans where an odd number of pixels is cut: Hugging Face floors, torchvision rounds. */
type CropRounding = 'floor' | 'half-even';

export interface Crop extends Size {
  readonly rounding: CropRounding;
}

const halfEven = (value: number): number => {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
};

const centered = (resized: number, canvas: number, rounding: CropRounding): number => {
  const half = (resized - canvas) / 2;
  return -(rounding === 'half-even' && half > 0 ? halfEven(half) : Math.floor(half));
};

/** @param crop centre crop, or undefined where the resized photo is the network's input. */
export const place = (photo: Size, resize: Resize, crop: Crop | undefined): Placement => {
  const resized = resizedSize(resize, photo);
  const canvas = crop === undefined ? resized : { width: crop.width, height: crop.height };
  return {
    photo: { width: photo.width, height: photo.height },
    resized,
    canvas,
    x: centered(resized.width, canvas.width, crop?.rounding ?? 'floor'),
    y: centered(resized.height, canvas.height, crop?.rounding ?? 'floor'),
  };
};

/** The network's whole input in photo pixels; reaches beyond the photo where it was padded. */
export const fieldOf = ({ photo, resized, canvas, x, y }: Placement): Box => {
  const perColumn = photo.width / resized.width;
  const perRow = photo.height / resized.height;
  return { x: -x * perColumn, y: -y * perRow, width: canvas.width * perColumn, height: canvas.height * perRow };
};

/** The part of the photo that reached the network, in photo pixels. */
export const seenRegion = (placement: Placement): Box => {
  const field = fieldOf(placement);
  const x = Math.max(0, field.x);
  const y = Math.max(0, field.y);
  return {
    x,
    y,
    width: Math.min(placement.photo.width, field.x + field.width) - x,
    height: Math.min(placement.photo.height, field.y + field.height) - y,
  };
};
