/**
 * What becomes of a photo's transparency: its colours are laid over white or black, or kept as if it were opaque, as Pillow's
 * `convert('RGB')` does.
 */
export const alphas = ['white', 'black', 'drop'] as const;

export type Alpha = (typeof alphas)[number];

/** 8-bit RGB of RGBA. @param data four bytes a pixel. */
export const withoutAlpha = (data: Uint8Array, alpha: Alpha): Uint8Array => {
  const pixels = data.length >> 2;
  const rgb = new Uint8Array(pixels * 3);
  const ground = alpha === 'black' ? 0 : 255;
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += 4, to += 3) {
    const share = alpha === 'drop' ? 255 : data[from + 3];
    for (let c = 0; c < 3; c++) rgb[to + c] = Math.round((data[from + c] * share + ground * (255 - share)) / 255);
  }
  return rgb;
};
