import { createHash } from 'node:crypto';
import { pooledVector } from '../cam/class-map.js';
import { type Precision, residualOf, tolerances } from '../cam/completeness.js';
import { ModelError } from '../errors.js';
import { toTensor } from '../photo/tensor.js';
import { besideModel } from './beside.js';
import { type Graph, readGraph } from './graph.js';
import type { Grid } from './grid.js';
import { featureMapFrom, findHead, probesOf, prospectsOf } from './head/find.js';
import { evaluate, gradientOf, type Head, type Values } from './head/head.js';
import { type Input, settleInput } from './input/input.js';
import { readLabels } from './labels/labels.js';
import { locateModel, readModelFile } from './locate.js';
import { type ClassifierOutput, classifierOutputs } from './outputs.js';
import { withOutputs } from './patch.js';
import { createSession, type Feed, type Fetched, type Session } from './session.js';

/** What a class's logit is made of, at one photo: `logit = sum_k weights[k] * mean(A_k) + bias`. */
export interface ClassWeights {
  /** One a channel of the feature map. */
  readonly weights: Float64Array;
  readonly bias: number;
}

/** Everything that the photos need, settled once. */
export interface Model {
  readonly name: string;
  readonly sha256: string;
  readonly session: Session;
  readonly input: Input;
  readonly output: ClassifierOutput;
  readonly head: Head;
  readonly grid: Grid;
  readonly precision: Precision;
  readonly labels: readonly string[];
  readonly scoring: 'softmax' | 'sigmoid';
  /** @param pooled the photo's pooled vector, [C]; what an exact head gives is the same for every photo. */
  readonly weightsOf: (index: number, pooled: () => Float64Array) => ClassWeights;
}

/** Noise in the range of photos, the same at every start: no channel of the network sees only zeros. */
const trialFeed = ({ name, size, normalization }: Input): Feed => {
  let state = 1;
  const data = Uint8Array.from({ length: size.width * size.height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
  return { name, dims: [1, 3, size.height, size.width], data: toTensor({ ...size, data }, normalization) };
};

const quantizing = /Quantize|QLinear|QGemm|Integer/;

const precisionOf = (graph: Graph, featureMap: Fetched): Precision => {
  if (featureMap.type === 'float16') return 'float16';
  return [...graph.producers.values()].some(({ op }) => quantizing.test(op)) ? 'int8' : 'float32';
};

/**
 * The judge of a head is the runtime: on the trial run, the head as it was read must give the network's own logits.
 * @throws ModelError `head-disagrees` with both values.
 */
const checkHead = (values: Values, head: Head, logits: Fetched, precision: Precision): void => {
  const read = values.get(head.logits)?.data ?? new Float64Array();
  logits.data.forEach((logit, index) => {
    if (residualOf(read[index], 0, logit) <= tolerances[precision]) return;
    throw new ModelError(
      'head-disagrees',
      `No class map can be trusted: for class ${index} the network gives ${logit}, but its head as read gives ${read[index]}.`,
    );
  });
};

/** A network of one logit has two classes: the logit speaks for class 1, its negative for class 0. */
export const logitsOfClasses = (logits: Float32Array): readonly number[] =>
  logits.length === 1 ? [-logits[0], logits[0]] : Array.from(logits);

const weightsAt = (head: Head, values: Values, index: number, pooled: Float64Array): ClassWeights => {
  const logits = values.get(head.logits)?.data ?? new Float64Array();
  const [element, sign] = logits.length === 1 ? [0, index === 1 ? 1 : -1] : [index, 1];
  const weights = gradientOf(head, values, element).map((weight) => sign * weight);
  if (head.kind === 'first-order') return { weights, bias: 0 };
  const logit = sign * logits[element];
  return { weights, bias: weights.reduce((rest, weight, k) => rest - weight * pooled[k], logit) };
};

/** An exact head's weights are worked out once a class, any other's for each photo. */
const weightsFor = (head: Head, trialPooled: Float64Array, trialValues: Values): Model['weightsOf'] => {
  if (head.kind !== 'exact') {
    return (index, pooled) => weightsAt(head, evaluate(head, pooled()), index, pooled());
  }
  const known = new Map<number, ClassWeights>();
  return (index) => {
    const weights = known.get(index) ?? weightsAt(head, trialValues, index, trialPooled);
    known.set(index, weights);
    return weights;
  };
};

/**
 * Reads, judges and loads a model.
 * @param model built-in name, .onnx file, or folder that holds model.onnx.
 * @param options.threads cores that one forward pass may use; 0: as many as there are.
 * @throws ModelError where it cannot be read, or its classes cannot be explained.
 */
export const prepareModel = async (
  model: string,
  { threads = 0 }: { readonly threads?: number } = {},
): Promise<Model> => {
  const files = locateModel(model);
  const bytes = readModelFile(files.file);
  const graph = readGraph(bytes, besideModel(files.folder));
  const input = settleInput(graph, files);
  const outputs = classifierOutputs(graph);
  const prospects = prospectsOf(graph, outputs);
  const probes = [...new Set(prospects.flatMap((prospect) => probesOf(graph, prospect)))];
  const load = (names: readonly string[]) =>
    createSession(
      withOutputs(
        bytes,
        names.filter((name) => !graph.outputs.includes(name)),
      ),
      files.file,
      threads,
    );
  const trialSession = await load(probes);
  const trial = await trialSession.run(trialFeed(input), probes);
  const { output, head, grid } = findHead(graph, outputs, prospects, trial, input.size);
  const { featureMap } = head.average;
  const needed = [featureMap, head.logits];
  const session = probes.some((name) => !needed.includes(name)) ? await load(needed) : trialSession;
  const [maps, logits] = needed.map((name) => trial.get(name));
  if (maps === undefined || logits === undefined) throw new Error('the trial run lacks what it was asked for');
  const pooled = pooledVector(featureMapFrom(maps, head.average, grid));
  const values = evaluate(head, pooled);
  const precision = precisionOf(graph, maps);
  checkHead(values, head, logits, precision);
  return {
    name: files.name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    session,
    input,
    output,
    head,
    grid,
    precision,
    labels: readLabels(files, logitsOfClasses(logits.data).length),
    scoring: output.activation === 'sigmoid' || logits.data.length === 1 ? 'sigmoid' : 'softmax',
    weightsOf: weightsFor(head, pooled, values),
  };
};
