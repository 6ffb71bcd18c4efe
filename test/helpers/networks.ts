import type { Feed } from '../../src/image/feed.js';
import { loadNetwork, type Network } from '../../src/model/network.js';
import { readNetwork } from '../../src/model/outputs.js';

/** Numbers between -1 and 1, the same for the same seed. */
export const noise = (length: number, seed: number): number[] => {
  let state = seed * 2654435761 + 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
};

export const nothingBeside = (): never => {
  throw new Error('this network keeps no weights in a second file');
};

/** A picture-like input of the network, 6 x 8 pixels. */
export const noiseFeed = (seed: number): Feed => ({
  name: 'input',
  type: 'float32',
  layout: 'nchw',
  dims: [1, 3, 6, 8],
  data: Float32Array.from(noise(3 * 6 * 8, seed)),
});

/** Loads a network of 6 x 8 pixels. */
export const loadBytes = (file: Uint8Array, outputName?: string): Promise<Network> =>
  loadNetwork({
    ...readNetwork(file, nothingBeside),
    file: '/nowhere/model.onnx',
    trial: noiseFeed(1),
    size: { width: 8, height: 6 },
    outputName,
    threads: 1,
  });
