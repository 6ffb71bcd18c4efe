import { blurred } from './blur.js';
import type { Subject } from './measure.js';
import { fitType, pixelsOf } from './pixels.js';

type Fill = (subject: Subject, into: Float32Array) => void;

/** What stands in the place of pixels that are taken away. */
export const replacements = {
  /** What is 0 for the network: the mean colour where photos are normalised by it, else black. */
  zeros: (_, into) => {
    into.fill(0);
  },
  /** What a black pixel is for the network. */
  black: ({ feed, spec }, into) => {
    const { channels, channelStep, pixelStep, width, height } = pixelsOf(feed);
    for (let channel = 0; channel < channels; channel++) {
      const value = -spec.mean[channel] / spec.std[channel];
      for (let pixel = 0; pixel < width * height; pixel++) into[channel * channelStep + pixel * pixelStep] = value;
    }
    fitType(feed, into);
  },
  blur: ({ feed }, into) => blurred(feed, into),
} satisfies Record<string, Fill>;

export type Replacement = keyof typeof replacements;
