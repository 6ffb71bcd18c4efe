import { positionsOf } from '../../../maps/coefficients.js';
import { channelOffset, type FeatureMap } from '../../../maps/feature-map.js';
import type { Node } from '../../onnx/graph.js';
import { asFloat32, writeReduced } from '../../onnx/written.js';
import type { Pool, PoolPart } from './pool.js';
import { usesOf, wholeReduction, wholeWindow } from './whole-map.js';
import { offZero } from './zero-point.js';

const reductions = new Set(['ReduceMax']);
const maxima = new Set([...reductions, 'GlobalMaxPool', 'MaxPool']);

/** MaxPool may also give where its maxima lie. */
const givesOne = ({ outputs }: Node): boolean => outputs.slice(1).every((name) => name === '');

/** 1 at the largest cell of each channel. Cells that are equally large share it. */
const sharesOf = (features: Omit<FeatureMap, 'coefficients'>): Float64Array => {
  const { data, grid } = features;
  const positions = positionsOf(features);
  const shares = new Float64Array(grid.channels * positions.length);
  for (let k = 0; k < grid.channels; k++) {
    const offset = channelOffset(grid, k);
    let [most, ties] = [Number.NEGATIVE_INFINITY, 0];
    for (const position of positions) {
      const value = data[offset + position];
      if (value > most) [most, ties] = [value, 1];
      else if (value === most) ties++;
    }
    positions.forEach((position, p) => {
      if (data[offset + position] === most) shares[k * positions.length + p] = 1 / ties;
    });
  }
  return shares;
};

const weigh: PoolPart['weigh'] = ({ writer, opset }, positions) => {
  const largest = writeReduced(writer, opset, 'ReduceMax', positions, [1, 2]);
  // Equal compares floats only since opset 11.
  const isLargest = asFloat32(writer, writer.node('Not', [writer.node('Less', [positions, largest])]));
  const share = writeReduced(writer, opset, 'ReduceMean', isLargest, [1, 2]);
  return writer.node('Div', [writer.node('Mul', [isLargest, positions]), share]);
};

/** The largest number of each channel. */
export const maximum: Pool = {
  candidates: (graph, upstream) =>
    usesOf(upstream.filter(givesOne), maxima, reductions).map((use) => ({ pool: maximum, graph, ...use, needs: [] })),
  recognise: ({ graph, nodes, featureMap, pooled }, dimsOf) => {
    const dims = dimsOf(featureMap);
    const whole = reductions.has(nodes[0].op) ? wholeReduction(graph, nodes, dims) : wholeWindow(nodes[0], dims);
    // Most networks shrink their maps by maxima over a part, which says nothing of their pool.
    if ('found' in whole) return { kind: 'none' };
    const off = offZero(graph, pooled);
    if (off !== undefined) return off;
    const { axes, pooledDims } = whole;
    const part: PoolPart = {
      ...{
        operators: nodes.map(({ op }) => op),
        pooled,
        pooledDims,
        length: dims[axes.channelAxis],
        scale: 1,
        quantizer: undefined,
      },
      coefficientsInWords: 'the largest cell of each channel, held',
      held: 'largest cell of each channel',
      needs: [],
      coefficients: (features) => ({ kind: 'held', groups: features.grid.channels, shares: sharesOf(features) }),
      weigh,
    };
    return { kind: 'pool', axes, part };
  },
};
