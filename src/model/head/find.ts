import { ModelError } from '../../errors.js';
import type { Size } from '../../maps/box.js';
import type { FeatureMap, Grid } from '../../maps/feature-map.js';
import { gridFor, gridOf, isFlattenedMap, reshapedUpstream } from '../grid.js';
import type { Graph } from '../onnx/graph.js';
import type { ClassifierOutput } from '../outputs.js';
import type { Fetched } from '../runtime/session.js';
import { type Head, readHead } from './head.js';
import { poolCandidatesOf } from './pools/index.js';
import type { PoolCandidate, Pooling } from './pools/pool.js';
import { traitsOf } from './traits.js';
import { ancestorsOf, bottlenecks, describeUpstream, readsOnlyShape } from './walk.js';

/** One way to read the network: an output and a possible pool upstream of it. Not yet known to be a head. */
export interface HeadCandidate {
  readonly output: ClassifierOutput;
  readonly poolCandidate: PoolCandidate;
}

/** Each output with each possible pool upstream of it. */
export const headCandidatesOf = (graph: Graph, outputs: readonly ClassifierOutput[]): readonly HeadCandidate[] =>
  outputs.flatMap((output) =>
    poolCandidatesOf(graph, output.logits).map((poolCandidate) => ({ output, poolCandidate })),
  );

/** Tensors outside the head whose sizes the head reads. */
const sizesAsked = (graph: Graph, { output, poolCandidate }: HeadCandidate): string[] => {
  const inside = ancestorsOf(graph, output.logits, (name) => name === poolCandidate.pooled || graph.isConstant(name));
  return inside.filter(readsOnlyShape).map(({ inputs }) => inputs[0]);
};

/** Results of the matrix products that all of a feature map comes through. */
const productsUpstream = (graph: Graph, featureMap: string): readonly string[] =>
  bottlenecks(graph, featureMap).flatMap(({ op, outputs }) => (traitsOf(op).mixes === 'vectors' ? [outputs[0]] : []));

/** How many pictures the network takes at a time; a free batch is fed with 1. */
const batchOf = ({ inputs }: Graph): number => inputs[0]?.dims[0] ?? 1;

/**
 * A network may average numbers that are not positions: a vector, reshaped.
 * @throws ModelError `head-refused` where all of the feature map comes through one vector.
 */
const checkPositions = (graph: Graph, featureMap: string, dims: TrialValues['dims']): void => {
  const mixed = bottlenecks(graph, featureMap).find(({ op, outputs }) => {
    const { mixes } = traitsOf(op);
    const given = mixes === 'vectors' ? dims.get(outputs[0]) : undefined;
    return mixes === 'always' || (given?.length === 2 && given[0] === batchOf(graph));
  });
  if (mixed === undefined) return;
  throw new ModelError('head-refused', `No class map exists: ${mixed.op} has mixed all positions before the average.`);
};

/** Tensors whose values or dims the trial run must give, so that the candidate can be judged. */
export const probesOf = (graph: Graph, candidate: HeadCandidate): readonly string[] => {
  const { featureMap, pooled } = candidate.poolCandidate;
  return [
    candidate.output.logits,
    featureMap,
    pooled,
    ...sizesAsked(graph, candidate),
    ...reshapedUpstream(graph, featureMap),
    ...productsUpstream(graph, featureMap),
  ];
};

/** A head that was read, and the grid of its feature map. */
export interface FoundHead {
  readonly output: ClassifierOutput;
  readonly head: Head;
  readonly grid: Grid;
  /** The trial's pooled vector, [C]. */
  readonly pooled: Float64Array;
  /** Dims of the tensors that the head was found by. */
  readonly dims: TrialValues['dims'];
}

/** The values that a head is read with: from a trial run, or kept from an earlier one. */
export interface TrialValues {
  /** Dims of the tensors that `probesOf` names. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
  /** The pooled vector, [C]. */
  readonly pooledOf: (pooling: Pooling, grid: Grid) => Float64Array;
}

/** The averaged tensor as real numbers: a quantised one is dequantised. Its grid follows its own dims, not the trial's. */
export const featureMapFrom = ({ data, dims }: Fetched, pooling: Pooling, trialGrid: Grid): FeatureMap => {
  const grid = gridFor(pooling, trialGrid, dims);
  const { quantization } = pooling;
  if (quantization === undefined) return { data, grid };
  const { scale, zeroPoint } = quantization;
  return { data: data.map((q) => (q - zeroPoint) * scale), grid };
};

const readCandidate = (
  graph: Graph,
  { poolCandidate, output }: HeadCandidate,
  size: Size,
  trial: TrialValues,
): FoundHead => {
  const { featureMap } = poolCandidate;
  const { dims } = trial;
  const given = dims.get(featureMap);
  if (given === undefined) throw new Error(`no trial value of ${featureMap}`);
  checkPositions(graph, featureMap, dims);
  const recognised = poolCandidate.pool.recognise(poolCandidate, given);
  if (recognised.kind === 'refused') {
    throw new ModelError('head-refused', `No class map exists: ${recognised.reason}.`);
  }
  const { pooling } = recognised;
  if (pooling.dims[0] !== batchOf(graph)) {
    throw new ModelError(
      'head-refused',
      `No class map exists: the average is over ${pooling.dims.join('x')}, which does not start with the ${batchOf(graph)} of the batch.`,
    );
  }
  const reshaped = reshapedUpstream(graph, featureMap).map((source) => dims.get(source) ?? []);
  const grid = gridOf(pooling, reshaped, size, isFlattenedMap(graph, featureMap));
  const pooled = trial.pooledOf(pooling, grid);
  const head = readHead(graph, pooling, output.logits, pooled, dims);
  return { output, head, grid, pooled, dims };
};

/** The error for a network without a global average that every path from the photo leads through. */
export const noAverage = (graph: Graph, outputs: readonly ClassifierOutput[]): ModelError => {
  const found = outputs.map(({ output, logits }) => `upstream of ${output}: ${describeUpstream(graph, logits)}`);
  return new ModelError(
    'head-refused',
    `No class map exists: what the network knows of the picture does not all pass through one global average; ${found.join('; ')}.`,
  );
};

/**
 * Finds the classifier's head by the sizes and values of a trial run.
 * @param size of the network's input.
 * @throws ModelError `head-refused` that names what stands between average and logits; `two-heads`.
 */
export const findHead = (
  graph: Graph,
  candidates: readonly HeadCandidate[],
  size: Size,
  trial: TrialValues,
): FoundHead => {
  const found = new Map<string, FoundHead>();
  let reason: ModelError | undefined;
  for (const candidate of candidates) {
    if (found.has(candidate.output.output)) continue;
    try {
      found.set(candidate.output.output, readCandidate(graph, candidate, size, trial));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      reason = error;
    }
  }
  const heads = [...found.values()];
  if (heads.length === 1) return heads[0];
  if (heads.length === 0) throw reason ?? new Error('no candidate was tried');
  const names = [...found.keys()].join(', ');
  throw new ModelError(
    'two-heads',
    `The model has ${heads.length} classifier outputs: ${names}. Choose one with --output-name.`,
  );
};
