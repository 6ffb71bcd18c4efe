import { isDeepStrictEqual } from 'node:util';
import { ModelError } from '../../errors.js';
import type { Size } from '../../maps/box.js';
import type { FeatureMap, Grid } from '../../maps/feature-map.js';
import { gridFor, gridOf, isFlattenedMap, reshapedUpstream } from '../grid.js';
import type { Graph } from '../onnx/graph.js';
import { sizeOf } from '../onnx/tensor.js';
import type { ClassifierOutput } from '../outputs.js';
import type { Fetched } from '../runtime/session.js';
import { type Head, readHead } from './head.js';
import { tellsCells } from './pools/attention-part.js';
import { poolGroupsOf } from './pools/index.js';
import { knownAxes, neededForAxes } from './pools/map-axes.js';
import type { Axes, PoolGroup, Pooling, PoolPart } from './pools/pool.js';
import { batchOf, checkAxes, checkPositions, isPicked, productsUpstream } from './positions.js';
import { secantAt, sharesOf } from './secant.js';
import { whyUnpooled } from './unpooled.js';
import { ancestorsOf, describeUpstream, readsOnlyShape } from './walk.js';

/** One way to read the network: an output and possible pools upstream of it. Not yet known to be a head. */
export interface HeadCandidate {
  readonly output: ClassifierOutput;
  readonly group: PoolGroup;
}

/** Each output with each possible group of pools upstream of it. */
export const headCandidatesOf = (graph: Graph, outputs: readonly ClassifierOutput[]): readonly HeadCandidate[] =>
  outputs.flatMap((output) => poolGroupsOf(graph, output.logits).map((group) => ({ output, group })));

/** Tensors outside the head whose sizes the head reads. */
const sizesAsked = (graph: Graph, { output, group }: HeadCandidate): string[] => {
  const pooled = new Set(group.candidates.map((candidate) => candidate.pooled));
  const inside = ancestorsOf(graph, output.logits, (name) => pooled.has(name) || graph.isConstant(name));
  return inside.filter(readsOnlyShape).map(({ inputs }) => inputs[0]);
};

/** Tensors whose values or dims the trial run must give, so that the candidate can be judged. */
export const probesOf = (graph: Graph, candidate: HeadCandidate): readonly string[] => {
  const { featureMap, candidates } = candidate.group;
  return [
    candidate.output.logits,
    featureMap,
    ...candidates.flatMap(({ pooled, needs }) => [pooled, ...needs]),
    ...sizesAsked(graph, candidate),
    ...reshapedUpstream(graph, featureMap),
    ...neededForAxes(graph, featureMap),
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

/**
 * The pooled tensor as real numbers: a quantised one is dequantised. Its grid follows its own dims, not the trial's.
 * @param given any tensor that the pools need.
 */
export const featureMapFrom = (given: (name: string) => Fetched, pooling: Pooling, trialGrid: Grid): FeatureMap => {
  const { data, dims } = given(pooling.featureMap);
  const { quantization, parts } = pooling;
  const { scale, zeroPoint } = quantization ?? { scale: 1, zeroPoint: 0 };
  const features = {
    data: quantization === undefined ? data : data.map((q) => (q - zeroPoint) * scale),
    grid: gridFor(pooling, trialGrid, dims),
  };
  return { ...features, coefficients: parts.map(({ coefficients }) => coefficients(features, given)) };
};

const sameAxes = (a: Axes, b: Axes): boolean =>
  a.channelAxis === b.channelAxis && a.positionAxes.join() === b.positionAxes.join();

/**
 * @returns undefined where a candidate is nothing of the kind.
 * @throws ModelError `head-refused` where a pool of the group leaves no class map.
 */
const poolingOf = ({ graph, featureMap, candidates }: PoolGroup, dims: TrialValues['dims']): Pooling | undefined => {
  const recognised = candidates.flatMap((candidate) => {
    const found = candidate.pool.recognise(candidate, (name) => dims.get(name) ?? []);
    if (found.kind !== 'refused') return found.kind === 'pool' ? found : [];
    throw new ModelError('head-refused', `No class map exists: ${found.reason}.`);
  });
  if (recognised.length < candidates.length) return undefined;
  const [{ axes, quantization }] = recognised;
  if (recognised.some((other) => !sameAxes(axes, other.axes) || !isDeepStrictEqual(other.quantization, quantization))) {
    throw new ModelError(
      'head-refused',
      'No class map exists: two pools of one feature map take other axes for its cells.',
    );
  }
  return { ...axes, featureMap, batch: batchOf(graph), quantization, parts: recognised.map(({ part }) => part) };
};

/**
 * Which numbers of the tensor that leaves a pool reach the first logit.
 * @param whole the tensor's numbers on the trial run.
 */
const reachesLogits = ({ head }: FoundHead, whole: Float64Array): ((place: number) => boolean) => {
  const [part] = head.pooling.parts;
  const parts = [{ ...part, places: undefined, length: whole.length }];
  const read = { ...head, pooling: { ...head.pooling, parts } };
  // What an activation cuts off on one side of zero, it lets pass on the other.
  const slopes = [1, -1].map((sign) => {
    const secant = secantAt(
      read,
      whole.map((number) => sign * number),
    );
    return sharesOf(read, secant, 0).weights;
  });
  return (place) => slopes.some((weights) => weights[place] !== 0);
};

/** The tensor that leaves a pool, from what each of its choices takes of it. */
const wholeOf = (pooling: Pooling, choices: readonly PoolPart[], pooledOf: (pooling: Pooling) => Float64Array) => {
  const whole = new Float64Array(sizeOf(choices[0].pooledDims) / pooling.batch);
  for (const choice of choices) {
    const own = pooledOf({ ...pooling, parts: [choice] });
    choice.places?.forEach((place, i) => {
      whole[place] = own[i];
    });
  }
  return whole;
};

/**
 * Reads the head from the one query of attention that reaches the logits.
 * @throws ModelError `head-refused` where several do.
 */
const withChosen = (
  pooling: Pooling,
  read: (pooling: Pooling) => FoundHead,
  pooledOf: (pooling: Pooling) => Float64Array,
): FoundHead => {
  const [{ choices }, ...others] = pooling.parts;
  if (others.length > 0 && pooling.parts.some((part) => part.choices !== undefined)) {
    throw new ModelError(
      'head-refused',
      'No class map exists: attention with several queries stands beside another pool.',
    );
  }
  const first = read(pooling);
  if (choices === undefined) return first;
  const reaches = reachesLogits(first, wholeOf(pooling, choices, pooledOf));
  const reaching = choices.filter(({ places }) => places?.some(reaches));
  if (reaching.length === 1) return read({ ...pooling, parts: reaching });
  throw new ModelError(
    'head-refused',
    'No class map exists: attention between the cells stands before the logits, and more than one of its results reaches them.',
  );
};

/** Attention tells which tokens it weighs as cells. Among the tokens of an average may be a class token. */
const weighsCells = ({ held }: PoolPart): boolean => held === 'attention weights';

const readCandidate = (
  graph: Graph,
  { group, output }: HeadCandidate,
  size: Size,
  trial: TrialValues,
): FoundHead | undefined => {
  const { featureMap } = group;
  const { dims } = trial;
  const pooling = poolingOf(group, dims);
  if (pooling === undefined) return undefined;
  const known = knownAxes(graph, featureMap, (name) => dims.get(name) ?? []);
  checkPositions(graph, featureMap, dims, known);
  checkAxes(pooling, known);
  if (pooling.headAxis !== 0 && pooling.dims[0] !== pooling.batch) {
    throw new ModelError(
      'head-refused',
      `No class map exists: the pool is over ${pooling.dims.join('x')}, which does not start with the ${batchOf(graph)} of the batch.`,
    );
  }
  const reshaped = isPicked(graph, featureMap, known)
    ? undefined
    : reshapedUpstream(graph, featureMap).map((source) => dims.get(source) ?? []);
  const areCells = pooling.parts.every(weighsCells) && tellsCells(graph, featureMap);
  const grid = gridOf(pooling, reshaped, size, isFlattenedMap(graph, featureMap), areCells);
  const read = (chosen: Pooling): FoundHead => {
    const pooled = trial.pooledOf(chosen, grid);
    return { output, head: readHead(graph, chosen, output.logits, pooled, dims), grid, pooled, dims };
  };
  return withChosen(pooling, read, (chosen) => trial.pooledOf(chosen, grid));
};

/** The error for a network without a global pool that every path from the photo leads through. */
export const noPool = (graph: Graph, outputs: readonly ClassifierOutput[]): ModelError => {
  const why = outputs.flatMap(({ logits }) => whyUnpooled(graph, logits) ?? []);
  if (why.length > 0) return new ModelError('head-refused', `No class map exists: ${why[0]}.`);
  const found = outputs.map(({ output, logits }) => `upstream of ${output}: ${describeUpstream(graph, logits)}`);
  return new ModelError(
    'head-refused',
    `No class map exists: what the network knows of the picture does not all pass through one global pool; ${found.join('; ')}.`,
  );
};

/** A pool of one cell says nothing of places. Downstream of a convolution over the whole map, it may follow one that does. */
const isOneCell = ({ grid: { rows, columns } }: FoundHead): boolean => rows * columns === 1;

/**
 * Finds the classifier's head by the sizes and values of a trial run.
 * @param size of the network's input.
 * @throws ModelError `head-refused` that names what stands between pool and logits; `two-heads`.
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
    const before = found.get(candidate.output.output);
    if (before !== undefined && !isOneCell(before)) continue;
    try {
      const head = readCandidate(graph, candidate, size, trial);
      if (head !== undefined && (before === undefined || !isOneCell(head))) found.set(candidate.output.output, head);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      reason = error;
    }
  }
  const heads = [...found.values()];
  if (heads.length === 1) return heads[0];
  if (heads.length === 0) throw reason ?? noPool(graph, [...new Set(candidates.map(({ output }) => output))]);
  const names = [...found.keys()].join(', ');
  throw new ModelError(
    'two-heads',
    `The model has ${heads.length} classifier outputs: ${names}. Choose one with --output-name.`,
  );
};
