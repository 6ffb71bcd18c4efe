import { type FeatureMap, pooledVector } from '../../../maps/feature-map.js';
import type { Graph, Node } from '../../onnx/graph.js';

/** Operations that may be a pool. The dims of their input decide whether they are. */
export interface PoolCandidate {
  readonly pool: Pool;
  readonly graph: Graph;
  /** In the order they run. */
  readonly nodes: readonly Node[];
  /** Name of the tensor that is pooled. */
  readonly featureMap: string;
  /** Name of the tensor that leaves the pool. */
  readonly pooled: string;
}

/** A pool as it is used in a network: one tensor [N, C, positions...] in any order of axes becomes [N, C]. */
export interface Pooling {
  readonly pool: Pool;
  /** The pooling operators, in the order they run. */
  readonly operators: readonly string[];
  /** Name of the tensor that is pooled. */
  readonly featureMap: string;
  /** Of the feature map. */
  readonly dims: readonly number[];
  readonly channelAxis: number;
  /** One axis (tokens) or two (rows, columns), in the order they lie in memory. */
  readonly positionAxes: readonly number[];
  /** Name of the tensor that leaves the pool. */
  readonly pooled: string;
  /** Dims of the pooled tensor, whose elements are the pooled vector * scale, [N, C] in memory. */
  readonly pooledDims: readonly number[];
  readonly scale: number;
  /** The operation that quantises the pooled vector, where the pool gives integers. */
  readonly quantizer: Node | undefined;
  /** A stored feature map q stands for (q - zeroPoint) * scale. */
  readonly quantization: { readonly scale: number; readonly zeroPoint: number } | undefined;
}

/** What a candidate was found to be. `reason`: why no class map passes through it, as the end of a sentence. */
export type Recognition =
  | { readonly kind: 'pool'; readonly pooling: Pooling }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * How much each cell counts: `pooled[k] = sum over cells of coefficient * features[cell, k]`.
 * - `equal`: one over the number of cells.
 */
type Coefficients = { readonly kind: 'equal' };

/** A way to pool a feature map into one vector. A new one is one file and one entry in `index.ts`. */
export interface Pool {
  /**
   * Uses of the pool in a network.
   * @param passed the operations on every path from the photo to the logits, from the input on.
   * @returns candidates in the order of their first operations.
   */
  readonly candidates: (graph: Graph, passed: readonly Node[]) => readonly PoolCandidate[];
  /** @param dims of the candidate's feature map, as the runtime gave them. */
  readonly recognise: (candidate: PoolCandidate, dims: readonly number[]) => Recognition;
  /** For one photo. */
  readonly coefficients: (features: FeatureMap) => Coefficients;
}

/** A photo's pooled vector, [C], before it is scaled or quantised. */
export const pooledBy = ({ pool }: Pick<Pooling, 'pool'>, features: FeatureMap): Float64Array => {
  const coefficients = pool.coefficients(features);
  switch (coefficients.kind) {
    case 'equal':
      return pooledVector(features);
  }
};
