import { type FeatureMap, pooledVector } from '../cam/class-map.js';
import { type Precision, residualOf, tolerances } from '../cam/completeness.js';
import { ModelError } from '../errors.js';
import type { Size } from '../photo/geometry.js';
import { type CellOrder, tryCellOrder } from './cell-order/cell-order.js';
import type { Graph } from './graph.js';
import type { Grid } from './grid.js';
import { featureMapFrom, findHead, noAverage, probesOf, prospectsOf } from './head/find.js';
import { evaluate, gradientOf, type Head, logitCount, type Values } from './head/head.js';
import { type ClassifierOutput, classifierOutputs } from './outputs.js';
import { withOutputs } from './patch.js';
import { createSession, type Feed, type Fetched, type Session } from './session.js';

/** What a class's logit is made of, at one photo: `logit = sum_k weights[k] * mean(A_k) + bias`. */
export interface ClassWeights {
  /** One a channel of the feature map. */
  readonly weights: Float64Array;
  readonly bias: number;
}

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
  /** The head's tensors on the trial run. */
  readonly trialValues: Values;
  /** What the network gave on the trial run: enough to understand it again without another. */
  readonly trial: Trial;
  readonly cellOrder: CellOrder;
  /**
   * Weights of a photo's classes. What an exact head gives is the same for every photo; any other is worked out at the
   * photo's pooled vector, [C], and held against the logits that the network gave.
   */
  readonly weightsAt: (pooled: () => Float64Array, logits: ArrayLike<number>) => (index: number) => ClassWeights;
}

const quantizing = /Quantize|QLinear|QGemm|Integer/;

const precisionOf = (graph: Graph, featureMap: Fetched): Precision => {
  if (featureMap.type === 'float16') return 'float16';
  return [...graph.producers.values()].some(({ op }) => quantizing.test(op)) ? 'int8' : 'float32';
};

/**
 * The judge of a head is the runtime: at any input, the head as it was read must give the network's own logits.
 * @returns the largest residual.
 * @throws ModelError `head-disagrees` with both values.
 */
const checkHead = (values: Values, head: Head, logits: ArrayLike<number>, precision: Precision): number => {
  const read = logitsOfClasses(values.get(head.logits)?.data ?? []);
  let largest = 0;
  for (let index = 0; index < logits.length; index++) {
    const residual = residualOf(read[index], 0, logits[index]);
    if (!(residual <= tolerances[precision])) {
      throw new ModelError(
        'head-disagrees',
        `No class map can be trusted: for class ${index} the network gives ${logits[index]}, but its head as read gives ${read[index]}.`,
      );
    }
    largest = Math.max(largest, residual);
  }
  return largest;
};

/** A network of one logit has two classes: the logit speaks for class 1, its negative for class 0. */
const logitsOfClasses = (logits: ArrayLike<number>): ArrayLike<number> =>
  logits.length === 1 ? [-logits[0], logits[0]] : logits;

const weightsOf = (head: Head, values: Values, index: number, pooled: Float64Array): ClassWeights => {
  const logits = values.get(head.logits)?.data ?? new Float64Array();
  const [element, sign] = logits.length === 1 ? [0, index === 1 ? 1 : -1] : [index, 1];
  const weights = gradientOf(head, values, element).map((weight) => sign * weight);
  if (head.kind === 'first-order') return { weights, bias: 0 };
  const logit = sign * logits[element];
  return { weights, bias: weights.reduce((rest, weight, k) => rest - weight * pooled[k], logit) };
};

/** An exact head's weights are worked out once a class, any other's for each photo. */
const weightsFor = (head: Head, precision: Precision, channels: number): Network['weightsAt'] => {
  if (head.kind !== 'exact') {
    return (pooled, logits) => {
      const vector = pooled();
      const values = evaluate(head, vector);
      checkHead(values, head, logits, precision);
      return (index) => weightsOf(head, values, index, vector);
    };
  }
  // At a pooled vector of zeros the logits are the biases, without the rounding that a quantised head adds elsewhere.
  const zeros = new Float64Array(channels);
  const values = evaluate(head, zeros);
  const known = new Map<number, ClassWeights>();
  return () => (index) => {
    const weights = known.get(index) ?? weightsOf(head, values, index, zeros);
    known.set(index, weights);
    return weights;
  };
};

/** One forward pass: the averaged tensor, and the logit of each class. */
export const forward = async (
  { session, head, grid }: Pick<Network, 'session' | 'head' | 'grid'>,
  feed: Feed,
): Promise<{ readonly features: FeatureMap; readonly logits: ArrayLike<number> }> => {
  const { average } = head;
  const fetched = await session.run(feed, [average.featureMap, head.logits]);
  const features = fetchedFrom(fetched, average.featureMap);
  const logits = fetchedFrom(fetched, head.logits);
  const [given, known] = [logits.data.length, logitCount(head)];
  if (given !== known) {
    throw new ModelError(
      'logit-count',
      `For an input of this size the network gives ${given} logits instead of ${known}.`,
    );
  }
  return { features: featureMapFrom(features, average, grid), logits: logitsOfClasses(logits.data) };
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
  const logits = logitsOfClasses(fetchedFrom(trial, head.logits).data);
  const pooled = pooledVector(featureMapFrom(features, head.average, grid));
  const values = evaluate(head, pooled);
  const precision = precisionOf(graph, features);
  return {
    output,
    head,
    grid,
    precision,
    classes: logits.length,
    trialResidual: checkHead(values, head, logits, precision),
    trialValues: values,
    trial,
    weightsAt: weightsFor(head, precision, pooled.length),
  };
};

const openSession = ({ bytes, file, graph, threads }: Omit<NetworkSource, 'trial'>, names: readonly string[]) => {
  const hidden = names.filter((name) => !graph.outputs.includes(name));
  return createSession(withOutputs(bytes, hidden), file, threads);
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
  const understood = understand(source, await trialSession.run(feed, probes));
  const { head, grid } = understood;
  const needed = neededOf(head);
  const session = probes.some((name) => !needed.includes(name)) ? await openSession(source, needed) : trialSession;
  const run = async (feed: Feed) => (await forward({ session, head, grid }, feed)).features;
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
