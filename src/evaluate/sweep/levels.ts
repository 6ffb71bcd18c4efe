/** A picture in which each pixel has a level: it is kept at the thresholds 0 to its level. -1: at none. */
export interface LevelPicture {
  readonly width: number;
  readonly height: number;
  /** Number of thresholds, at most 32,767. Levels are below it. */
  readonly thresholds: number;
  /** [height, width], -1 to `thresholds` - 1. */
  readonly levels: Int16Array;
}

/** The pixels of a picture by their level. Around the picture lies a margin of one pixel, which indices count. */
export interface Ordered {
  /** Pixels of one row with its margin. */
  readonly stride: number;
  /** Pixels, those of the lowest level first. */
  readonly pixels: Int32Array;
  /** [thresholds + 2]: at i, where the pixels of level i - 1 begin. */
  readonly starts: Int32Array;
}

/** Sorts a picture's pixels by counting. @param into at least as long as the picture has pixels. */
export const ordered = ({ width, height, thresholds, levels }: LevelPicture, into: Int32Array): Ordered => {
  const starts = new Int32Array(thresholds + 2);
  const size = width * height;
  for (let i = 0; i < size; i++) starts[levels[i] + 2]++;
  for (let at = 1; at < starts.length; at++) starts[at] += starts[at - 1];
  const next = starts.slice();
  const stride = width + 2;
  for (let y = 0, i = 0; y < height; y++) {
    let pixel = (y + 1) * stride + 1;
    for (let x = 0; x < width; x++, i++, pixel++) into[next[levels[i] + 1]++] = pixel;
  }
  return { stride, pixels: into, starts };
};
