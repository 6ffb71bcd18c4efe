import type { Alpha } from '../../image/alpha.js';
import type { Align, Crop, Resize } from '../../image/geometry.js';
import type { Fill } from '../../image/network-picture.js';
import type { Resample } from '../../image/resample/index.js';
import type { Channels, TensorSpec } from '../../image/to-tensor.js';
import type { Size } from '../../maps/box.js';
import type { Origin } from '../origin.js';

/** All values that feeding a photo to a network needs. */
export interface InputValues {
  /** Of the network's input, in pixels. */
  readonly size: Size;
  readonly resize: Resize;
  readonly crop: Crop | 'none';
  readonly resample: Resample;
  /** Colour of padding. */
  readonly fill: Fill;
  readonly align: Align;
  /** What becomes of a photo's transparency. */
  readonly alpha: Alpha;
  readonly channels: Channels;
  readonly layout: TensorSpec['layout'];
  readonly rescale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export type InputKey = keyof InputValues;

/** A value with its origin. */
interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** The values from one source: some of all values. */
export type InputClaims = { readonly [Key in InputKey]?: Sourced<InputValues[Key]> };

/** Gives all values the same origin. */
export const claims = (origin: Origin, values: Partial<InputValues>): InputClaims =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, { value, origin }]])),
  );

export const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
export const NO_CHANGE = { mean: [0, 0, 0], std: [1, 1, 1] } as const;

/** torchvision's and timm's centre crop: an odd margin is rounded half to even, odd padding goes to the far side. */
export const torchCrop = ({ width, height }: Size): Crop => ({ width, height, rounding: 'half-even', padding: 'far' });
