/** Colours of other spaces as RGB, byte for byte as Pillow's `convert('RGB')` gives them. No profile is used. */

/** `a * b / 255`, rounded, in whole numbers: Pillow's MULDIV255. */
const share = (a: number, b: number): number => {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
};

/**
 * @param data 8-bit CMYK, 0 is no ink.
 * @param channels of each pixel, 4 or more; those after the fourth are ignored.
 */
export const cmykToRgb = (data: Uint8Array, channels = 4): Uint8Array => {
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += channels, to += 3) {
    const light = 255 - data[from + 3];
    for (let c = 0; c < 3; c++) rgb[to + c] = Math.max(0, light - share(data[from + c], light));
  }
  return rgb;
};

// Pillow's tables have 6 bits after the point; each product is rounded by itself.
const BITS = 6;
const part = (value: number, factor: number): number => Math.round((value - 128) * factor * 2 ** BITS);
const clip = (value: number): number => Math.min(255, Math.max(0, value));

/** @param data 8-bit YCbCr of full range, three bytes a pixel. */
export const yCbCrToRgb = (data: Uint8Array): Uint8Array => {
  const rgb = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const [y, cb, cr] = [data[i], data[i + 1], data[i + 2]];
    rgb[i] = clip(y + (part(cr, 1.402) >> BITS));
    rgb[i + 1] = clip(y + ((part(cb, -0.34414) + part(cr, -0.71414)) >> BITS));
    rgb[i + 2] = clip(y + (part(cb, 1.772) >> BITS));
  }
  return rgb;
};

/** Colours of RGBA that were stored times their opacity, as they were before. @param data is changed. */
export const unmultiply = (data: Uint8Array): Uint8Array => {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3];
    if (alpha === 0 || alpha === 255) continue;
    for (let c = i; c < i + 3; c++) data[c] = clip(Math.floor((data[c] * 255) / alpha));
  }
  return data;
};
