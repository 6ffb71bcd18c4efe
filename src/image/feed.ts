/** Element types that a network may take its picture in. */
export type ElementType = 'float32' | 'float16' | 'uint8';

/** Numbers for an input. */
export interface TensorFeed {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A picture for a network's input. */
export interface Feed extends TensorFeed {
  readonly layout: 'nchw' | 'nhwc';
}
