import { describe, expect, it } from 'vitest';
import { classMap } from '../../src/maps/class-map.js';
import { type Coefficients, pooledVector } from '../../src/maps/coefficients.js';
import type { FeatureMap, Grid } from '../../src/maps/feature-map.js';

// Two channels of 1 x 2 cells, channel by channel.
const grid: Grid = {
  ...{ layout: 'nchw', rows: 1, columns: 2, channels: 2, channelStride: 2, rowStride: 2, columnStride: 1 },
  ...{ first: 0, outside: [], headChannels: 2, headStride: 0 },
};
const mapOf = (data: number[], coefficients: Coefficients[], over: Partial<Grid> = {}): FeatureMap => ({
  ...{ data: Float32Array.from(data), grid: { ...grid, ...over }, coefficients },
});
const shown = (features: FeatureMap, ...weights: number[]) => {
  const { data, outside } = classMap(features, Float64Array.from(weights));
  return { pooled: Array.from(pooledVector(features)), map: Array.from(data), outside };
};

describe('a class map', () => {
  it('of an average is the weighted sum of the channels in each cell', () => {
    const features = mapOf([1, 3, 10, 20], [{ kind: 'equal' }]);
    expect(shown(features, 2, 0.5)).toEqual({ pooled: [2, 15], map: [7, 16], outside: 0 });
  });

  it('of a mean times a factor has the factor in each cell', () => {
    const features = mapOf([1, 3, 10, 20], [{ kind: 'equal', factors: Float64Array.of(2, 0) }]);
    expect(shown(features, 1, 1)).toEqual({ pooled: [4, 0], map: [2, 6], outside: 0 });
  });

  it('of weights of its own for each cell is N times what each cell adds', () => {
    // The channels of a cell lie beside each other.
    const features = mapOf([1, 10, 3, 20], [{ kind: 'own' }], { channelStride: 1, columnStride: 2, rowStride: 4 });
    expect(shown(features, 1, 0.1, 0, 1)).toEqual({ pooled: [1, 10, 3, 20], map: [4, 40], outside: 0 });
  });

  it('of held shares, one row a channel, is N times what each cell adds', () => {
    const shares = Float64Array.of(0, 1, 0.5, 0.5);
    const features = mapOf([1, 3, 10, 20], [{ kind: 'held', groups: 2, shares }]);
    expect(shown(features, 1, 2)).toEqual({ pooled: [3, 15], map: [20, 46], outside: 0 });
  });

  it('leaves out what positions add that are no cells, and says how much that is', () => {
    // A token before the cells: [token, cell, cell] of each channel.
    const data = [100, 1, 3, 200, 10, 20];
    // Of the two cells, and then of the token.
    const shares = Float64Array.of(0.25, 0.25, 0.5);
    const features = mapOf(data, [{ kind: 'held', groups: 1, shares }], { channelStride: 3, first: 1, outside: [0] });
    expect(shown(features, 1, 1)).toEqual({ pooled: [51, 107.5], map: [5.5, 11.5], outside: 150 });
  });

  it('finds the channels of each head of attention', () => {
    // Heads outside, cells, channels inside: one channel a head.
    const shares = Float64Array.of(1, 0, 0, 1);
    const features = mapOf([1, 3, 10, 20], [{ kind: 'held', groups: 2, shares }], {
      ...{ channelStride: 1, columnStride: 1, headChannels: 1, headStride: 2 },
    });
    expect(shown(features, 1, 1)).toEqual({ pooled: [1, 20], map: [2, 40], outside: 0 });
  });

  it('of several pools side by side is the sum of theirs', () => {
    const shares = Float64Array.of(0, 1, 0, 1);
    const features = mapOf([1, 3, 10, 20], [{ kind: 'equal' }, { kind: 'held', groups: 2, shares }]);
    expect(shown(features, 1, 0, 1, 0)).toEqual({ pooled: [2, 15, 3, 20], map: [1, 9], outside: 0 });
  });
});
