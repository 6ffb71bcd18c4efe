/** Element types of a network's input. */
export type ElementType = 'float32' | 'float16' | 'uint8';

/** A tensor to feed to an input. */
export interface TensorFeed {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A picture to feed to a network's input. */
export interface Feed extends TensorFeed {
  readonly layout: 'nchw' | 'nhwc';
}
