import { ModelError } from '../../errors.js';
import type { Size } from '../../maps/box.js';
import type { FeatureMap, Grid } from '../../maps/feature-map.js';
import { gridFor, gridOf, isFlattenedMap, reshapedBehind } from '../grid.js';
import type { Graph } from '../onnx/graph.js';
import type { ClassifierOutput } from '../outputs.js';
import type { Fetched } from '../runtime/session.js';
import { type Head, readHead } from './head.js';
import { candidatesOf } from './pools/index.js';
import type { Candidate, Pooling } from './pools/pool.js';
import { traitsOf } from './traits.js';
import { bottlenecks, describeBehind, nodesBehind, readsOnlyShape } from './walk.js';

/** One way to read the network: an output and what may be the pool upstream of it, not yet known to be a head. */
export interface Prospect {
  readonly output: ClassifierOutput;
  readonly candidate: Candidate;
}

/** Everything upstream of every output that may be a pool. */
export const prospectsOf = (graph: Graph, outputs: readonly ClassifierOutput[]): readonly Prospect[] =>
  outputs.flatMap((output) => candidatesOf(graph, output.logits).map((candidate) => ({ output, candidate })));

/** Tensors outside the head whose sizes the head asks for. */
const sizesAsked = (graph: Graph, { output, candidate }: Prospect): string[] => {
  const inside = nodesBehind(graph, output.logits, (name) => name === candidate.pooled || graph.isConstant(name));
  return inside.filter(readsOnlyShape).map(({ inputs }) => inputs[0]);
};

/** Results of the products of matrices that a whole feature map comes from. */
const productsBehind = (graph: Graph, featureMap: string): readonly string[] =>
  bottlenecks(graph, featureMap).flatMap(({ op, outputs }) => (traitsOf(op).mixes === 'vectors' ? [outputs[0]] : []));

/** How many pictures the network takes at a time; a free batch is fed with 1. */
const batchOf = ({ inputs }: Graph): number => inputs[0]?.dims[0] ?? 1;

/**
 * A network may average what are no positions: numbers that came out of a vector, reshaped.
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

/** Tensors whose values or dims a trial run must give before the prospect can be judged. */
export const probesOf = (graph: Graph, prospect: Prospect): readonly string[] => {
  const { featureMap, pooled } = prospect.candidate;
  return [
    prospect.output.logits,
    featureMap,
    pooled,
    ...sizesAsked(graph, prospect),
    ...reshapedBehind(graph, featureMap),
    ...productsBehind(graph, featureMap),
  ];
};

/** A head that was read, and where its feature map's cells lie. */
export interface FoundHead {
  readonly output: ClassifierOutput;
  readonly head: Head;
  readonly grid: Grid;
  /** The trial's pooled vector, [C]. */
  readonly pooled: Float64Array;
  /** Of the tensors that the head was found by. */
  readonly dims: TrialValues['dims'];
}

/** What a head is read with: a trial run, or what was kept of one. */
export interface TrialValues {
  /** Of the tensors that `probesOf` names. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
  /** The pooled vector, [C]. */
  readonly pooledOf: (pooling: Pooling, grid: Grid) => Float64Array;
}

/** The averaged tensor as numbers: a quantised one is dequantised; one of another size than on the trial has its own grid. */
export const featureMapFrom = ({ data, dims }: Fetched, pooling: Pooling, trialGrid: Grid): FeatureMap => {
  const grid = gridFor(pooling, trialGrid, dims);
  const { quantization } = pooling;
  if (quantization === undefined) return { data, grid };
  const { scale, zeroPoint } = quantization;
  return { data: data.map((q) => (q - zeroPoint) * scale), grid };
};

const readProspect = (graph: Graph, { candidate, output }: Prospect, size: Size, trial: TrialValues): FoundHead => {
  const { featureMap } = candidate;
  const { dims } = trial;
  const given = dims.get(featureMap);
  if (given === undefined) throw new Error(`no trial value of ${featureMap}`);
  checkPositions(graph, featureMap, dims);
  const recognised = candidate.pool.recognise(candidate, given);
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
  const reshaped = reshapedBehind(graph, featureMap).map((source) => dims.get(source) ?? []);
  const grid = gridOf(pooling, reshaped, size, isFlattenedMap(graph, featureMap));
  const pooled = trial.pooledOf(pooling, grid);
  const head = readHead(graph, pooling, output.logits, pooled, dims);
  return { output, head, grid, pooled, dims };
};

/** The refusal of a network without any average that all its knowledge of the photo goes through. */
export const noAverage = (graph: Graph, outputs: readonly ClassifierOutput[]): ModelError => {
  const found = outputs.map(({ output, logits }) => `behind ${output} stand ${describeBehind(graph, logits)}`);
  return new ModelError(
    'head-refused',
    `No class map exists: what the network knows of the picture does not all pass through one global average; ${found.join('; ')}.`,
  );
};

/**
 * The classifier's head, judged by the sizes that a trial run gave.
 * @param size of the network's input.
 * @throws ModelError `head-refused` that names what stands between average and logits; `two-heads`.
 */
export const findHead = (graph: Graph, prospects: readonly Prospect[], size: Size, trial: TrialValues): FoundHead => {
  const found = new Map<string, FoundHead>();
  let reason: ModelError | undefined;
  for (const prospect of prospects) {
    if (found.has(prospect.output.output)) continue;
    try {
      found.set(prospect.output.output, readProspect(graph, prospect, size, trial));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      reason = error;
    }
  }
  const heads = [...found.values()];
  if (heads.length === 1) return heads[0];
  if (heads.length === 0) throw reason ?? new Error('no prospect was tried');
  const names = [...found.keys()].join(', ');
  throw new ModelError(
    'two-heads',
    `The model has ${heads.length} classifier outputs: ${names}. Choose one with --output-name.`,
  );
};
