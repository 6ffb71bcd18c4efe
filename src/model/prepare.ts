import { createHash } from 'node:crypto';
import type { Feed } from '../image/feed.js';
import { toFeed } from '../image/to-tensor.js';
import type { Scoring } from '../maps/scores.js';
import { type Answers, readAnswers, unitsOf } from './answers.js';
import { type Covered, coveredBy } from './coverage/coverage.js';
import { isPair } from './head/agreement.js';
import { settleForCells } from './input/for-cells.js';
import type { Input } from './input/input.js';
import type { UnparsedInput } from './input/parse-flags.js';
import type { PresetName } from './input/presets.js';
import { namesInGraph } from './labels/in-graph.js';
import { readLabels } from './labels/labels.js';
import { locateModel, type ModelFiles, readModelFile } from './locate.js';
import { loadNetwork, type Network } from './network.js';
import { besideModel } from './onnx/external-data.js';
import type { Graph } from './onnx/graph.js';
import type { Origin } from './origin.js';
import { readNetwork } from './outputs.js';
import { ownFileOf } from './own-file.js';
import { readWeights, type Weights } from './weights-digest.js';

/** Everything that explaining photos needs, prepared once. */
export interface Model extends Network {
  readonly files: ModelFiles;
  /** Digest of the model's file. */
  readonly sha256: string;
  /** Digest of the weights in second files. Undefined: the model has none. */
  readonly weights?: Weights | undefined;
  readonly input: Input;
  readonly labels: readonly string[];
  /** Origin of the labels. */
  readonly labelOrigin: Origin;
  /** WordNet id of each class. Undefined: they have none. */
  readonly wordnetIds?: readonly string[] | undefined;
  readonly scoring: Scoring;
  /** Where the scoring came from, if not from the network itself. */
  readonly scoringOrigin?: Origin | undefined;
  /** What each number of a regression is measured in. Undefined: it is not said. */
  readonly units?: readonly string[] | undefined;
  /** The part of an input, of any size, that the feature map's cells cover. */
  readonly covered: Covered;
}

/**
 * Noise in the range of photos, so that no channel of the network sees only zeros. The same on every run.
 * @param seed an integer. Another seed gives other noise.
 */
export const trialFeed = (input: Input, seed: number): Feed => {
  let state = seed;
  const data = Uint8Array.from({ length: input.size.width * input.size.height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
  return toFeed({ ...input.size, data }, input);
};

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A model's files, read but not yet checked. */
export interface ModelSource {
  readonly files: ModelFiles;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly graph: Graph;
  readonly weights: Weights | undefined;
  readonly input: Input;
}

/** The user's settings for a model, which override what is found. Each may be left out. */
export interface PrepareOptions {
  /** How photos are fed, as on the command line: size, resize, crop, resample, fill, align, mean, std, rescale, channels, inputLayout. */
  readonly input?: UnparsedInput | undefined;
  readonly preset?: PresetName | undefined;
  /** The network sees the whole photo, uncropped, at its own aspect. */
  readonly whole?: boolean | undefined;
  /** A file of labels, or `imagenet`. */
  readonly labels?: string | undefined;
  /** Name of the output to explain, where several are possible. */
  readonly outputName?: string | undefined;
  /** Cores that one forward pass may use. 0, the default: all. */
  readonly threads?: number;
}

/**
 * @param model built-in name, .onnx file, or folder that holds model.onnx.
 * @throws ModelError where it cannot be read.
 */
export const readModel = (model: string, { input = {}, preset, whole = false }: PrepareOptions = {}): ModelSource => {
  const files = locateModel(model);
  const file = readModelFile(files.file);
  const { bytes, graph } = readNetwork(file, besideModel(files.folder));
  // Before any weight is decoded, so that the error names the missing file.
  const weights = readWeights(files.folder, graph.external);
  const settled = settleForCells(graph, files, { unparsed: input, preset, whole });
  return { files, sha256: sha256Of(file), bytes, graph, weights, input: settled };
};

/** By the network's own activation; where it has none, by what its files say. */
const scoringOf = ({ output, head }: Network, problem: Answers['problem']): Scoring => {
  if (head.areNumbers) return 'none';
  if (output.activation === 'sigmoid' || isPair(head)) return 'sigmoid';
  return output.activation === 'none' && problem === 'multi_label_classification' ? 'sigmoid' : 'softmax';
};

/** @throws ModelError where the model's classes cannot be explained. */
export const judgeModel = async (
  { files, sha256, bytes, graph, weights, input }: ModelSource,
  { outputName: wantedOutput, threads = 0, labels: wanted }: PrepareOptions = {},
): Promise<Model> => {
  const { file } = files;
  const trial = trialFeed(input, 1);
  const outputName = wantedOutput ?? ownFileOf(files).outputName;
  const answers = readAnswers(files);
  const areNumbers = answers.problem === 'regression';
  const network = await loadNetwork({ bytes, file, graph, trial, size: input.size, outputName, threads, areNumbers });
  const scoring = scoringOf(network, answers.problem);
  const { labels, wordnetIds, origin } = readLabels(files, graph.metadata, network.classes, {
    wanted,
    answers: scoring === 'none' ? 'numbers' : isPair(network.head) ? 'one-logit' : 'classes',
    inGraph: namesInGraph(graph, network.output.logits),
  });
  return {
    ...network,
    files,
    sha256,
    weights,
    input,
    labels,
    labelOrigin: origin,
    wordnetIds,
    scoring,
    scoringOrigin: scoring === 'none' ? answers.origin : undefined,
    units: unitsOf(answers, scoring, network.classes),
    covered: coveredBy(graph, network.head.pooling.featureMap, input),
  };
};

/**
 * Reads, checks and loads a model.
 * @param model built-in name, .onnx file, or folder that holds model.onnx.
 * @throws ModelError where it cannot be read, or its classes cannot be explained.
 */
export const prepareModel = async (model: string, options: PrepareOptions = {}): Promise<Model> =>
  judgeModel(readModel(model, options), options);
