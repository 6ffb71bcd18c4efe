import { ModelError } from '../errors.js';
import type { Feed } from '../image/feed.js';
import type { Size } from '../maps/box.js';
import type { ClassWeights, Held, PhotoHead } from '../maps/class-weights.js';
import { type FeatureMap, type Grid, pooledVector } from '../maps/feature-map.js';
import type { Precision } from '../maps/residual.js';
import { type CellOrder, tryCellOrder } from './cell-order/cell-order.js';
import { checkBends, checkHead, checkPlaces, checkSums, firstLogits, logitsOfClasses } from './head/agreement.js';
import { featureMapFrom, findHead, noAverage, probesOf, prospectsOf } from './head/find.js';
import { type Head, logitCount, logitLevel } from './head/head.js';
import { heldBy, type Secant, secantAt, sharesOf } from './head/secant.js';
import { withOutputs } from './onnx/append.js';
import { type Graph, intAttribute } from './onnx/graph.js';
import { type ClassifierOutput, classifierOutputs } from './outputs.js';
import { runtime } from './runtime/index.js';
import type { Fetched, Session } from './runtime/session.js';

/** Tensors of a trial run, by name. */
type Trial = ReadonlyMap<string, Fetched>;

/** A loaded network whose head is understood: from an input tensor to logits and class maps. */
export interface Network {
  readonly session: Session;
  readonly output: ClassifierOutput;
  readonly head: Head;
  readonly grid: Grid;
  readonly precision: Precision;
  /** Number of classes. */
  readonly classes: number;
  /** Largest residual of the trial run over all classes. */
  readonly trialResidual: number;
  /** The head on the trial run. */
  readonly trialSecant: Secant;
  /** What of the head is held on the trial run. */
  readonly held: readonly Held[];
  /** What the network gave on the trial run: enough to understand it again without another. */
  readonly trial: Trial;
  readonly cellOrder: CellOrder;
  /**
   * Weights of a photo's classes. What an exact head gives is the same for every photo; any other is worked out at the
   * photo's pooled vector, [C], and held against the logits that the network gave.
   */
  readonly headAt: (pooled: () => Float64Array, logits: ArrayLike<number>) => PhotoHead;
}

const quantizing = /Quantize|QLinear|QGemm|Integer/;

// ONNX's number for float16.
const HALF = 10;

/** The coarsest arithmetic between the feature map and the logits. */
const precisionOf = (graph: Graph, { steps }: Head, ends: readonly Fetched[]): Precision => {
  const isCast = ({ node }: Head['steps'][number]) => node.op === 'Cast' && intAttribute(node, 'to', 1) === HALF;
  if (ends.some(({ type }) => type === 'float16') || steps.some(isCast)) return 'float16';
  return [...graph.producers.values()].some(({ op }) => quantizing.test(op)) ? 'int8' : 'float32';
};

/** @param given the logit of the class, as the network gave it. */
const weightsOf = (head: Head, secant: Secant, index: number, given: number): ClassWeights => {
  const [atZero, atPhoto] = [secant.zero, secant.photo].map((values) =>
    firstLogits(head, values.get(head.logits)?.data ?? new Float64Array()),
  );
  const [element, sign] = atZero.length === 1 ? [0, index === 1 ? 1 : -1] : [index, 1];
  const { weights, rounding } = sharesOf(head, secant, element);
  // The runtime may have rounded to the next level.
  const flip = given - sign * atPhoto[element];
  const isLevel = Math.abs(flip) <= 1.01 * logitLevel(head);
  const bias = sign * (atZero[element] + rounding) + (isLevel ? flip : 0);
  return { weights: weights.map((weight) => sign * weight), bias };
};

/** An affine head's weights are worked out once a class, any other's for each photo. */
const headAtOf = (head: Head, precision: Precision, trial: Secant): Network['headAt'] => {
  if (head.status === 'exact') {
    const known = new Map<number, ClassWeights>();
    const once = (index: number) => {
      const weights = known.get(index) ?? weightsOf(head, trial, index, 0);
      known.set(index, weights);
      return weights;
    };
    return () => ({ held: [], weightsOf: once });
  }
  const zero = heldBy(head, trial).includes('divisor of a norm') ? undefined : trial.zero;
  return (pooled, logits) => {
    const secant = secantAt(head, pooled(), zero);
    checkHead(secant.photo, head, logits, precision);
    return { held: heldBy(head, secant), weightsOf: (index) => weightsOf(head, secant, index, logits[index]) };
  };
};

/** What a network gave for one picture. */
export interface Forwarded {
  readonly features: FeatureMap;
  /** One a class. */
  readonly logits: ArrayLike<number>;
}

const forwardedFrom = ({ head, grid }: Pick<Network, 'head' | 'grid'>, fetched: Trial): Forwarded => {
  const { average } = head;
  const features = fetchedFrom(fetched, average.featureMap);
  const logits = fetchedFrom(fetched, head.logits);
  const [given, known] = [logits.data.length / average.dims[0], logitCount(head)];
  if (given !== known) {
    throw new ModelError(
      'logit-count',
      `For an input of this size the network gives ${given} logits instead of ${known}.`,
    );
  }
  return { features: featureMapFrom(features, average, grid), logits: logitsOfClasses(firstLogits(head, logits.data)) };
};

/**
 * Runs a network on pictures.
 * @returns the feature map and the logits of each feed, in the order of the feeds.
 * @throws ModelError `logit-count` where a picture's size changes how many logits there are; those of `Session.run`.
 */
export const forward = async (
  network: Pick<Network, 'session' | 'head' | 'grid'>,
  feeds: readonly Feed[],
): Promise<readonly Forwarded[]> => {
  const results = await network.session.run(feeds, neededOf(network.head));
  return results.map((fetched) => forwardedFrom(network, fetched));
};

const fetchedFrom = (fetched: ReadonlyMap<string, Fetched>, name: string): Fetched => {
  const tensor = fetched.get(name);
  if (tensor === undefined) throw new Error(`the network did not give ${name}, which was asked of it`);
  return tensor;
};

export interface NetworkSource {
  readonly bytes: Uint8Array;
  /** Path of the model: weights in a second file lie beside it. */
  readonly file: string;
  readonly graph: Graph;
  /** An input like a photo's, to try the network on. */
  readonly trial: Feed;
  /** Of the input, in pixels. */
  readonly size: Size;
  /** The output to explain where there are several; undefined: the only one that a classifier's head leads to. */
  readonly outputName: string | undefined;
  /** Cores that one forward pass may use; 0: as many as there are. */
  readonly threads: number;
}

const outputsOf = (graph: Graph, wanted: string | undefined): readonly ClassifierOutput[] => {
  const outputs = classifierOutputs(graph, wanted);
  if (outputs.length > 0) return outputs;
  throw new ModelError('no-output', `The model has no output ${wanted}; it has ${graph.outputs.join(', ')}.`);
};

/** Everything about a network but its session, from one trial run. @throws ModelError where no head is found. */
const understand = (
  { graph, size, outputName }: Pick<NetworkSource, 'graph' | 'size' | 'outputName'>,
  trial: Trial,
): Omit<Network, 'session' | 'cellOrder'> => {
  const { output, head, grid } = findHead(graph, prospectsOf(graph, outputsOf(graph, outputName)), trial, size);
  const features = fetchedFrom(trial, head.average.featureMap);
  const { data } = fetchedFrom(trial, head.logits);
  const logits = logitsOfClasses(firstLogits(head, data));
  const pooled = pooledVector(featureMapFrom(features, head.average, grid));
  const secant = secantAt(head, pooled);
  const precision = precisionOf(graph, head, [features, fetchedFrom(trial, head.logits)]);
  checkPlaces(data, head, precision);
  const trialResidual = checkHead(secant.photo, head, logits, precision);
  const headAt = headAtOf(head, precision, secant);
  checkSums(headAt(() => pooled, logits).weightsOf, pooled, logits, precision);
  return {
    output,
    head,
    grid,
    precision,
    classes: logits.length,
    trialResidual,
    trialSecant: secant,
    held: heldBy(head, secant),
    trial,
    headAt,
  };
};

const openSession = ({ bytes, file, graph, threads }: Omit<NetworkSource, 'trial'>, names: readonly string[]) => {
  const hidden = names.filter((name) => !graph.outputs.includes(name));
  return runtime.open(withOutputs(bytes, hidden), { file, device: 'cpu', batch: 1, threads });
};

const neededOf = ({ average, logits }: Head): readonly string[] => [average.featureMap, logits];

/**
 * Loads a network, finds its head and holds it against a trial run.
 * @throws ModelError where the network does not load, or its classes cannot be explained.
 */
export const loadNetwork = async (source: NetworkSource): Promise<Network> => {
  const { graph, trial: feed } = source;
  const outputs = outputsOf(graph, source.outputName);
  const prospects = prospectsOf(graph, outputs);
  if (prospects.length === 0) throw noAverage(graph, outputs);
  const probes = [...new Set(prospects.flatMap((prospect) => probesOf(graph, prospect)))];
  const trialSession = await openSession(source, probes);
  const understood = understand(source, (await trialSession.run([feed], probes))[0]);
  const { head, grid } = understood;
  const needed = neededOf(head);
  const session = probes.some((name) => !needed.includes(name)) ? await openSession(source, needed) : trialSession;
  if (head.status !== 'exact') {
    const { trial, precision } = understood;
    const features = featureMapFrom(fetchedFrom(trial, head.average.featureMap), head.average, grid);
    const sizes = new Map([...trial].map(([name, { dims }]) => [name, dims]));
    const pooledType = fetchedFrom(trial, head.average.pooled).type;
    const { file, threads } = source;
    const open = (bytes: Uint8Array) => runtime.open(bytes, { file, device: 'cpu', batch: 1, threads });
    await checkBends(open, graph, head, { pooled: pooledVector(features), pooledType, precision }, sizes);
  }
  const run = async (feed: Feed) => (await forward({ session, head, grid }, [feed]))[0].features;
  return { ...understood, session, cellOrder: await tryCellOrder(run, feed, grid) };
};

/** Loads a network that was judged before, by what its trial runs gave then. */
export const reloadNetwork = async (
  source: Omit<NetworkSource, 'trial'>,
  { trial, cellOrder }: Pick<Network, 'trial' | 'cellOrder'>,
): Promise<Network> => {
  const understood = understand(source, trial);
  return { ...understood, cellOrder, session: await openSession(source, neededOf(understood.head)) };
};
