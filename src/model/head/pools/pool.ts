import type { Held } from '../../../maps/class-weights.js';
import type { Coefficients } from '../../../maps/coefficients.js';
import type { FeatureMap } from '../../../maps/feature-map.js';
import type { Graph, Node } from '../../onnx/graph.js';
import type { Writer } from '../../onnx/writer.js';
import type { Fetched } from '../../runtime/session.js';

/** Operations that may be a pool. The dims that the runtime gives decide whether they are. */
export interface PoolCandidate {
  readonly pool: Pool;
  readonly graph: Graph;
  /** In the order they run. Empty: nothing is pooled before the head. */
  readonly nodes: readonly Node[];
  /** Name of the tensor that is pooled. */
  readonly featureMap: string;
  /** Name of the tensor that leaves the pool. */
  readonly pooled: string;
  /** Names of further tensors whose dims decide. */
  readonly needs: readonly string[];
}

/** Candidates side by side: all that the logits know of the picture passes through these pools of one feature map. */
export interface PoolGroup {
  readonly graph: Graph;
  readonly featureMap: string;
  readonly candidates: readonly PoolCandidate[];
}

/** Which axis of a feature map is what. */
export interface Axes {
  readonly dims: readonly number[];
  readonly channelAxis: number;
  /** One axis (tokens) or two (rows, columns), in the order they lie in memory. */
  readonly positionAxes: readonly number[];
  /** The axis of the heads of attention, each with channels of its own. Left out: there are none. */
  readonly headAxis?: number | undefined;
  /** Which of the tokens are cells. Left out: all. */
  readonly cells?: { readonly first: number; readonly count: number } | undefined;
}

/** One pool, as it is used in a network. */
export interface PoolPart {
  /** The pooling operators, in the order they run. */
  readonly operators: readonly string[];
  /** Name of the tensor that leaves the pool. */
  readonly pooled: string;
  /** Dims of that tensor, whose elements are the pooled vector * scale, [N, length] in memory. */
  readonly pooledDims: readonly number[];
  /** Numbers of the pooled vector of one picture. */
  readonly length: number;
  /**
   * Where one picture's numbers lie in the tensor that leaves the pool. Its other numbers do not reach the logits. Left out: the
   * numbers are the whole tensor.
   */
  readonly places?: Int32Array | undefined;
  /** One part for each query of attention, of which only the head tells which one reaches the logits. Left out: this is the one. */
  readonly choices?: readonly PoolPart[] | undefined;
  /** The tensor that leaves the pool is the pooled vector times this. Not 1 where it is a sum over cells. */
  readonly scale: number;
  /** The operation that quantises the pooled vector, where the pool gives integers. */
  readonly quantizer: Node | undefined;
  /** What makes the coefficients, in words. */
  readonly coefficientsInWords: string;
  /** What of the coefficients is held at its value for the photo. Undefined: nothing, as they are the same for each. */
  readonly held: Held | undefined;
  /** Whether the vector holds each cell's numbers apart, in the order of the feature map's memory. Left out: it does not. */
  readonly isOwn?: boolean;
  /** Names of the tensors that the coefficients are made of, beside the feature map. */
  readonly needs: readonly string[];
  /** The coefficients for one photo. */
  readonly coefficients: (features: Omit<FeatureMap, 'coefficients'>, given: (name: string) => Fetched) => Coefficients;
  /**
   * Writes, for an exported model, what each position gives to the pooled vector: its numbers times their coefficients times
   * the number of positions, so that the mean over all positions is the pooled vector. Left out: the numbers themselves.
   * @param positions name of the feature map as float32 [N, rows, columns, C].
   */
  readonly weigh?: ((writing: Writing, positions: string, size: readonly [number, number]) => string) | undefined;
}

/** What operations of an exported model are written with. */
interface Writing {
  readonly writer: Writer;
  readonly opset: number;
}

/** The pools of one feature map, as they are used in a network: [N, C, positions...] in any order of axes becomes vectors. */
export interface Pooling extends Axes {
  /** Name of the tensor that is pooled. */
  readonly featureMap: string;
  /** Pictures that the network takes at a time. */
  readonly batch: number;
  /** A stored feature map q stands for (q - zeroPoint) * scale. */
  readonly quantization: Quantization | undefined;
  /** The vectors of the parts, one after the other, are the pooled vector. */
  readonly parts: readonly PoolPart[];
}

/** How whole numbers q stand for real ones: (q - zeroPoint) * scale. */
export interface Quantization {
  readonly scale: number;
  readonly zeroPoint: number;
}

/**
 * What a candidate was found to be. `reason`: why no class map passes through it, as the end of a sentence. `none`: it is nothing
 * of the kind, which is no reason to refuse the network.
 */
export type Recognition =
  | { readonly kind: 'none' }
  | { readonly kind: 'pool'; readonly axes: Axes; readonly quantization?: Quantization; readonly part: PoolPart }
  | { readonly kind: 'refused'; readonly reason: string };

/** Dims of a tensor, as the runtime gave them. */
export type DimsOf = (name: string) => readonly number[];

/** A way to pool a feature map into one vector. A new one is one file and one entry in `index.ts`. */
export interface Pool {
  /**
   * Uses of the pool in a network. Not all need be on every path to the logits.
   * @param upstream all operations upstream of the logits, each after those that feed it.
   * @param passed those of them that every path from the photo to the logits leads through, in the same order.
   */
  readonly candidates: (graph: Graph, upstream: readonly Node[], passed: readonly Node[]) => readonly PoolCandidate[];
  /** @param dimsOf knows the feature map, the pooled tensor, and what the candidate needs. */
  readonly recognise: (candidate: PoolCandidate, dimsOf: DimsOf) => Recognition;
}

/** @param reason the end of the sentence "No class map exists: ...", without its full stop. */
export const refused = (reason: string): Recognition => ({ kind: 'refused', reason });

/** The axes of a map of rows and columns, or of tokens, with the channels on the second axis or the last. */
export const axesOf = (dims: readonly number[], channelAxis: number): Axes => ({
  dims,
  channelAxis,
  positionAxes: dims.map((_, axis) => axis).filter((axis) => axis > 0 && axis !== channelAxis),
});
