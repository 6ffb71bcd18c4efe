import type { Feed } from '../image/feed.js';

/** Where an input tensor keeps its pixels. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Steps in memory from a channel, and from a pixel, to the next. */
  readonly channelStep: number;
  readonly pixelStep: number;
}

export const pixelsOf = ({ dims, layout }: Pick<Feed, 'dims' | 'layout'>): Pixels => {
  if (layout === 'nchw') {
    const [, channels, height, width] = dims;
    return { width, height, channels, channelStep: width * height, pixelStep: 1 };
  }
  const [, height, width, channels] = dims;
  return { width, height, channels, channelStep: 1, pixelStep: channels };
};

/** Copies pixels, all channels of each, to their own places in another tensor. */
export const copyPixels = (
  { channels, channelStep, pixelStep }: Pixels,
  which: Iterable<number>,
  from: Float32Array,
  into: Float32Array,
): void => {
  for (const pixel of which) {
    for (let channel = 0; channel < channels; channel++) {
      const at = channel * channelStep + pixel * pixelStep;
      into[at] = from[at];
    }
  }
};

/** A network that takes bytes gets whole ones: what is made by arithmetic is rounded. */
export const fitType = ({ type }: Pick<Feed, 'type'>, data: Float32Array): void => {
  if (type === 'uint8') for (let i = 0; i < data.length; i++) data[i] = Math.round(data[i]);
};

/**
 * The input times a value for each pixel.
 * @param factors [height, width].
 */
export const timesFactors = (feed: Feed, factors: Float64Array, into: Float32Array): void => {
  const { channels, channelStep, pixelStep } = pixelsOf(feed);
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < factors.length; pixel++) {
      const at = channel * channelStep + pixel * pixelStep;
      into[at] = feed.data[at] * factors[pixel];
    }
  }
  fitType(feed, into);
};
