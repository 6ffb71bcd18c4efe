import { ModelError } from '../../errors.js';
import type { Size } from '../../maps/box.js';
import { type FeatureMap, type Grid, pooledVector } from '../../maps/feature-map.js';
import { gridFor, gridOf, isFlattenedMap, reshapedBehind } from '../grid.js';
import type { Graph } from '../onnx/graph.js';
import type { ClassifierOutput } from '../outputs.js';
import type { Fetched } from '../runtime/session.js';
import { type Head, readHead } from './head.js';
import { type Average, averageCandidates, averageOf, type Candidate, featureMapOf, pooledOf } from './pools/average.js';
import { bottlenecks, describeBehind, nodesBehind, readsOnlyShape } from './walk.js';

/** One way to read the network: an output and an average behind it, not yet known to be a head. */
export interface Prospect {
  readonly output: ClassifierOutput;
  readonly candidate: Candidate;
}

/** Every average behind every output. */
export const prospectsOf = (graph: Graph, outputs: readonly ClassifierOutput[]): readonly Prospect[] =>
  outputs.flatMap((output) => averageCandidates(graph, output.logits).map((candidate) => ({ output, candidate })));

/** Tensors outside the head whose sizes the head asks for. */
const sizesAsked = (graph: Graph, { output, candidate }: Prospect): string[] => {
  const pooled = pooledOf(candidate);
  const inside = nodesBehind(graph, output.logits, (name) => name === pooled || graph.isConstant(name));
  return inside.filter(readsOnlyShape).map(({ inputs }) => inputs[0]);
};

const products = new Set([
  'Gemm',
  'MatMul',
  'com.microsoft.QGemm',
  'com.microsoft.FusedGemm',
  'QLinearMatMul',
  'MatMulInteger',
]);
const collapsing = new Set([
  'GlobalMaxPool',
  'GlobalAveragePool',
  'GlobalLpPool',
  'com.microsoft.QLinearGlobalAveragePool',
]);

/** Results of the products of matrices that a whole feature map comes from. */
const productsBehind = (graph: Graph, featureMap: string): readonly string[] =>
  bottlenecks(graph, featureMap).flatMap(({ op, outputs }) => (products.has(op) ? [outputs[0]] : []));

/** How many pictures the network takes at a time; a free batch is fed with 1. */
const batchOf = ({ inputs }: Graph): number => inputs[0]?.dims[0] ?? 1;

/**
 * A network may average what are no positions: numbers that came out of a vector, reshaped.
 * @throws ModelError `head-refused` where all of the feature map comes through one vector.
 */
const checkPositions = (graph: Graph, featureMap: string, trial: ReadonlyMap<string, Fetched>): void => {
  const mixed = bottlenecks(graph, featureMap).find(({ op, outputs }) => {
    const dims = products.has(op) ? trial.get(outputs[0])?.dims : undefined;
    return collapsing.has(op) || (dims !== undefined && dims.length === 2 && dims[0] === batchOf(graph));
  });
  if (mixed === undefined) return;
  throw new ModelError('head-refused', `No class map exists: ${mixed.op} has mixed all positions before the average.`);
};

/** Tensors whose values or dims a trial run must give before the prospect can be judged. */
export const probesOf = (graph: Graph, prospect: Prospect): readonly string[] => {
  const featureMap = featureMapOf(prospect.candidate);
  return [
    prospect.output.logits,
    featureMap,
    pooledOf(prospect.candidate),
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
}

/** The averaged tensor as numbers: a quantised one is dequantised; one of another size than on the trial has its own grid. */
export const featureMapFrom = ({ data, dims }: Fetched, average: Average, trialGrid: Grid): FeatureMap => {
  const grid = gridFor(average, trialGrid, dims);
  const { quantization } = average;
  if (quantization === undefined) return { data, grid };
  const { scale, zeroPoint } = quantization;
  return { data: data.map((q) => (q - zeroPoint) * scale), grid };
};

const readProspect = (graph: Graph, prospect: Prospect, trial: ReadonlyMap<string, Fetched>, size: Size): FoundHead => {
  const { candidate, output } = prospect;
  const name = featureMapOf(candidate);
  const fetched = trial.get(name);
  if (fetched === undefined) throw new Error(`no trial value of ${name}`);
  checkPositions(graph, name, trial);
  const average = averageOf(candidate, fetched.dims);
  if (typeof average === 'string') {
    throw new ModelError(
      'head-refused',
      `No class map exists: there is no average over the whole map, but ${average}.`,
    );
  }
  if (average.dims[0] !== batchOf(graph)) {
    throw new ModelError(
      'head-refused',
      `No class map exists: the average is over ${average.dims.join('x')}, which does not start with the ${batchOf(graph)} of the batch.`,
    );
  }
  const reshaped = reshapedBehind(graph, name).map((source) => trial.get(source)?.dims ?? []);
  const grid = gridOf(average, reshaped, size, isFlattenedMap(graph, name));
  const sizes = new Map([...trial].map(([tensor, { dims }]) => [tensor, dims]));
  const pooled = pooledVector(featureMapFrom(fetched, average, grid));
  const head = readHead(graph, average, output.logits, pooled, sizes);
  return { output, head, grid };
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
export const findHead = (
  graph: Graph,
  prospects: readonly Prospect[],
  trial: ReadonlyMap<string, Fetched>,
  size: Size,
): FoundHead => {
  const found = new Map<string, FoundHead>();
  let reason: ModelError | undefined;
  for (const prospect of prospects) {
    if (found.has(prospect.output.output)) continue;
    try {
      found.set(prospect.output.output, readProspect(graph, prospect, trial, size));
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
