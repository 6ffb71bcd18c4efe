import { ModelError } from '../errors.js';
import type { Feed } from '../image/feed.js';
import type { Size } from '../maps/box.js';
import type { Held } from '../maps/class-weights.js';
import { pooledVector } from '../maps/coefficients.js';
import type { FeatureMap, Grid } from '../maps/feature-map.js';
import type { Precision } from '../maps/residual.js';
import { shareOfMap } from '../maps/result.js';
import { largestIndices } from '../maps/scores.js';
import { type CellOrder, tryCellOrder } from './cell-order/cell-order.js';
import {
  checkBends,
  checkHead,
  checkPlaces,
  checkPooled,
  checkSums,
  classCount,
  firstLogits,
  logitsOfClasses,
  withAnswers,
} from './head/agreement.js';
import {
  type FoundHead,
  featureMapFrom,
  findHead,
  type HeadCandidate,
  headCandidatesOf,
  noPool,
  probesOf,
  type TrialValues,
} from './head/find.js';
import { type Head, logitCount } from './head/head.js';
import { type HeadAt, headAtOf, heldIn } from './head/photo-head.js';
import { precisionOf } from './head/precision.js';
import { type Secant, secantAt } from './head/secant.js';
import { withOutputs } from './onnx/append.js';
import type { Graph } from './onnx/graph.js';
import { type ClassifierOutput, classifierOutputs } from './outputs.js';
import { runtime } from './runtime/index.js';
import type { Fetched, Session } from './runtime/session.js';

/** What is kept of the trial run: enough to read the head again without another run. No feature map, which would be large. */
interface KeptTrial {
  /** Name of the feature map. */
  readonly featureMap: string;
  /** The trial's pooled vector. */
  readonly pooled: Float64Array;
  /** Dims of the tensors that the head was found by. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
}

/** A loaded network whose head is understood: from an input tensor to logits and class maps. */
export interface Network {
  readonly session: Session;
  readonly output: ClassifierOutput;
  readonly head: Head;
  readonly grid: Grid;
  readonly precision: Precision;
  /** Number of classes, or of numbers of a regression. */
  readonly classes: number;
  /** Largest residual of the trial run over all classes. */
  readonly trialResidual: number;
  /** The share of the trial's largest logit that lies in cells: see `shareOf`. Undefined: all tokens are cells. */
  readonly trialShare: number | undefined;
  /** The head on the trial run. */
  readonly trialSecant: Secant;
  /** What is held in pool and head on the trial run. */
  readonly held: readonly Held[];
  readonly trial: KeptTrial;
  readonly cellOrder: CellOrder;
  readonly headAt: HeadAt;
}

/** The network's results for one picture. */
export interface Forwarded {
  readonly features: FeatureMap;
  /** The pooled vector. Computed when called. */
  readonly pooled: () => Float64Array;
  /** One per class. */
  readonly logits: ArrayLike<number>;
}

const fetchedFrom = (fetched: ReadonlyMap<string, Fetched>, name: string): Fetched => {
  const tensor = fetched.get(name);
  if (tensor === undefined) throw new Error(`the network did not give ${name}, which was asked of it`);
  return tensor;
};

const forwardedFrom = (
  { head, grid }: Pick<Network, 'head' | 'grid'>,
  fetched: ReadonlyMap<string, Fetched>,
): Forwarded => {
  const { pooling } = head;
  const features = featureMapFrom((name) => fetchedFrom(fetched, name), pooling, grid);
  const logits = fetchedFrom(fetched, head.logits);
  const [given, known] = [logits.data.length / pooling.batch, logitCount(head)];
  if (given !== known) {
    throw new ModelError(
      'logit-count',
      `For an input of this size the network gives ${given} logits instead of ${known}.`,
    );
  }
  return {
    features,
    pooled: () => pooledVector(features),
    logits: logitsOfClasses(head, firstLogits(head, logits.data)),
  };
};

const neededOf = ({ pooling, logits }: Head): readonly string[] => [
  ...new Set([pooling.featureMap, logits, ...pooling.parts.flatMap(({ needs }) => needs)]),
];

/**
 * Runs a network on pictures.
 * @returns the feature map and the logits of each feed, in the order of the feeds.
 * @throws ModelError `logit-count` where the number of logits changes with the picture's size; those of `Session.run`.
 */
export const forward = async (
  network: Pick<Network, 'session' | 'head' | 'grid'>,
  feeds: readonly Feed[],
): Promise<readonly Forwarded[]> => {
  const results = await network.session.run(feeds, neededOf(network.head));
  return results.map((fetched) => forwardedFrom(network, fetched));
};

export interface NetworkSource {
  readonly bytes: Uint8Array;
  /** Path of the model. Weights in a second file lie beside it. */
  readonly file: string;
  readonly graph: Graph;
  /** A photo-like input for the trial run. */
  readonly trial: Feed;
  /** Of the input, in pixels. */
  readonly size: Size;
  /** Name of the output to explain. Undefined: the only output with a classifier's head. */
  readonly outputName: string | undefined;
  /** Cores that one forward pass may use. 0: all. */
  readonly threads: number;
  /** Whether the model's files say that its outputs are numbers, as of regression. */
  readonly areNumbers?: boolean | undefined;
}

const outputsOf = (graph: Graph, wanted: string | undefined): readonly ClassifierOutput[] => {
  const outputs = classifierOutputs(graph, wanted);
  if (outputs.length > 0) return outputs;
  throw new ModelError('no-output', `The model has no output ${wanted}; it has ${graph.outputs.join(', ')}.`);
};

const headCandidatesIn = ({
  graph,
  outputName,
}: Pick<NetworkSource, 'graph' | 'outputName'>): readonly HeadCandidate[] => {
  const outputs = outputsOf(graph, outputName);
  const candidates = headCandidatesOf(graph, outputs);
  if (candidates.length === 0) throw noPool(graph, outputs);
  return candidates;
};

const open = (bytes: Uint8Array, { file, threads }: Pick<NetworkSource, 'file' | 'threads'>): Promise<Session> =>
  runtime.open(bytes, { file, device: 'cpu', batch: 1, threads });

/** A session that also outputs some of the network's inner tensors. */
const openGiving = (source: Omit<NetworkSource, 'trial'>, names: readonly string[]): Promise<Session> => {
  const hidden = names.filter((name) => !source.graph.outputs.includes(name));
  return open(withOutputs(source.bytes, hidden), source);
};

/** The properties of a network that follow from its head. */
const networkOf = ({ output, head, grid, pooled, dims }: FoundHead, precision: Precision) => {
  const trialSecant = secantAt(head, pooled);
  return {
    output,
    head,
    grid,
    precision,
    classes: classCount(head),
    trialSecant,
    held: heldIn(head, trialSecant),
    trial: { featureMap: head.pooling.featureMap, pooled, dims },
    headAt: headAtOf(head, precision, trialSecant),
  };
};

/** Finds the head by a trial run, and checks it against the run's logits. */
const understand = (
  { graph, size, areNumbers }: NetworkSource,
  candidates: readonly HeadCandidate[],
  run: ReadonlyMap<string, Fetched>,
) => {
  const dims = new Map([...run].map(([name, tensor]) => [name, tensor.dims]));
  const values: TrialValues = {
    dims,
    pooledOf: (pooling, grid) => pooledVector(featureMapFrom((name) => fetchedFrom(run, name), pooling, grid)),
  };
  const found = withAnswers(findHead(graph, candidates, size, values), areNumbers);
  const { head, pooled } = found;
  const ends = neededOf(head).map((name) => fetchedFrom(run, name));
  const precision = precisionOf(graph, head, ends);
  const { data } = fetchedFrom(run, head.logits);
  const logits = logitsOfClasses(head, firstLogits(head, data));
  checkPlaces(data, head, precision);
  const network = networkOf(found, precision);
  const trialResidual = checkHead(network.trialSecant.photo, head, logits, precision);
  checkPooled(head, pooled, (name) => fetchedFrom(run, name).data, precision);
  const { weightsOf } = network.headAt(() => pooled, logits);
  checkSums(weightsOf, pooled, logits, precision);
  const features = featureMapFrom((name) => fetchedFrom(run, name), head.pooling, found.grid);
  const [best] = largestIndices(logits, 1);
  return { ...network, trialResidual, trialShare: shareOfMap(features, weightsOf(best).weights) };
};

/**
 * Loads a network, finds its head and checks it by a trial run.
 * @throws ModelError where the network does not load, or its classes cannot be explained.
 */
export const loadNetwork = async (source: NetworkSource): Promise<Network> => {
  const { graph, trial: feed } = source;
  const candidates = headCandidatesIn(source);
  const probes = [...new Set(candidates.flatMap((candidate) => probesOf(graph, candidate)))];
  const trialSession = await openGiving(source, probes);
  const [run] = await trialSession.run([feed], probes);
  const understood = understand(source, candidates, run);
  const { head, grid, trial, precision } = understood;
  const needed = neededOf(head);
  const session = probes.some((name) => !needed.includes(name)) ? await openGiving(source, needed) : trialSession;
  if (head.status !== 'exact') {
    const pooledTypes = head.pooling.parts.map(({ pooled }) => fetchedFrom(run, pooled).type);
    const judged = { pooled: trial.pooled, pooledTypes, precision };
    await checkBends((bytes) => open(bytes, source), graph, head, judged, trial.dims);
  }
  const featuresOf = async (tried: Feed) => (await forward({ session, head, grid }, [tried]))[0].features;
  return { ...understood, session, cellOrder: await tryCellOrder(featuresOf, feed, grid) };
};

/** Loads a network that was checked before, from what was kept of its trial run. */
export const reloadNetwork = async (
  source: Omit<NetworkSource, 'trial'>,
  kept: Pick<Network, 'trial' | 'precision' | 'trialResidual' | 'trialShare' | 'cellOrder'>,
): Promise<Network> => {
  const { trial, precision, trialResidual, trialShare, cellOrder } = kept;
  const candidates = headCandidatesIn(source).filter(({ group }) => group.featureMap === trial.featureMap);
  const values = { dims: trial.dims, pooledOf: () => trial.pooled };
  const found = findHead(source.graph, candidates, source.size, values);
  const network = networkOf(withAnswers(found, source.areNumbers), precision);
  const session = await openGiving(source, neededOf(network.head));
  return { ...network, trialResidual, trialShare, cellOrder, session };
};
