/** Share that a cell or pixel has in a point `x` of them after its centre. */
export type Kernel = (x: number) => number;

/** Linear interpolation; 0 from one cell away. */
export const triangle: Kernel = (x) => Math.max(0, 1 - Math.abs(x));

/**
 * Cubic convolution; 0 from two cells away. Keys 1981, "Cubic Convolution Interpolation for Digital Image Processing",
 * eq. 4.
 * @param sharpness the slope at the first neighbour.
 */
const cubic =
  (sharpness: number): Kernel =>
  (x) => {
    const d = Math.abs(x);
    if (d < 1) return ((sharpness + 2) * d - (sharpness + 3)) * d * d + 1;
    return d < 2 ? sharpness * (((d - 5) * d + 8) * d - 4) : 0;
  };

/** As Keys and Pillow take it; a steeper one draws a dark rim around a bright cell. */
export const keysCubic = cubic(-0.5);

/** As OpenCV's INTER_CUBIC and torch take it. */
export const openCvCubic = cubic(-0.75);
