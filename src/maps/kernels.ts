/** Share that a cell or pixel has in a point `x` of them after its centre. */
export type Kernel = (x: number) => number;

/** Linear interpolation; 0 from one cell away. */
export const triangle: Kernel = (x) => Math.max(0, 1 - Math.abs(x));

// As Keys and Pillow take it; torch's -0.75 draws a dark rim around a bright cell.
const SHARPNESS = -0.5;

/**
 * Cubic convolution; 0 from two cells away. Keys 1981, "Cubic Convolution Interpolation for Digital Image Processing",
 * eq. 4.
 */
export const keysCubic: Kernel = (x) => {
  const d = Math.abs(x);
  if (d < 1) return ((SHARPNESS + 2) * d - (SHARPNESS + 3)) * d * d + 1;
  return d < 2 ? SHARPNESS * (((d - 5) * d + 8) * d - 4) : 0;
};
