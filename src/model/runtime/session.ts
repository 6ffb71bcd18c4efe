import type { TensorFeed } from '../../image/feed.js';

/** An output tensor of a network. */
export interface Fetched {
  /** Element type in the network, as ONNX Runtime names it; `data` holds its numbers as float32. */
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A loaded network. */
export interface Session {
  /**
   * Runs the network on pictures.
   * @param feeds one picture each: the network's input tensor, whose first dim is 1. A network whose batch is fixed above
   * 1 gets each picture in every place of its batch, and returns as many results.
   * @param fetches names of the outputs wanted.
   * @returns the wanted tensors, by name, for each feed in its order.
   * @throws ModelError `not-runnable` with the runtime's own reason, `unsupported-type`, `input-too-large`.
   */
  readonly run: (
    feeds: readonly TensorFeed[],
    fetches: readonly string[],
  ) => Promise<readonly ReadonlyMap<string, Fetched>[]>;
}

/** How a network is loaded. */
export interface SessionOptions {
  /** Path of the model. Weights in a second file are searched beside it. */
  readonly file: string;
  readonly device: 'cpu';
  /** How many pictures go through the network at a time. */
  readonly batch: 1;
  /** Cores that one forward pass may use. 0: all. */
  readonly threads: number;
}

/** A library that runs networks. */
export interface Runtime {
  /**
   * Loads a network.
   * @param bytes of an ONNX file.
   * @throws ModelError `not-loadable` with the runtime's own reason.
   */
  readonly open: (bytes: Uint8Array, options: SessionOptions) => Promise<Session>;
}
