import { createHash } from 'node:crypto';
import { toFeed } from '../photo/tensor.js';
import { besideModel } from './beside.js';
import { readGraph } from './graph.js';
import { type Input, settleInput } from './input/input.js';
import { readLabels } from './labels/labels.js';
import { locateModel, readModelFile } from './locate.js';
import { loadNetwork, type Network } from './network.js';
import type { Feed } from './session.js';

/** Everything that the photos need, settled once. */
export interface Model extends Network {
  readonly name: string;
  readonly sha256: string;
  readonly input: Input;
  readonly labels: readonly string[];
  readonly scoring: 'softmax' | 'sigmoid';
}

/** Noise in the range of photos, the same at every start: no channel of the network sees only zeros. */
const trialFeed = (input: Input): Feed => {
  let state = 1;
  const data = Uint8Array.from({ length: input.size.width * input.size.height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
  return toFeed({ ...input.size, data }, input);
};

/**
 * Reads, judges and loads a model.
 * @param model built-in name, .onnx file, or folder that holds model.onnx.
 * @param options.outputName the output to explain, where a model has several that could be.
 * @param options.threads cores that one forward pass may use; 0: as many as there are.
 * @throws ModelError where it cannot be read, or its classes cannot be explained.
 */
export const prepareModel = async (
  model: string,
  { threads = 0, outputName }: { readonly threads?: number; readonly outputName?: string | undefined } = {},
): Promise<Model> => {
  const files = locateModel(model);
  const bytes = readModelFile(files.file);
  const graph = readGraph(bytes, besideModel(files.folder));
  const input = settleInput(graph, files);
  const trial = trialFeed(input);
  const network = await loadNetwork({ bytes, file: files.file, graph, trial, size: input.size, outputName, threads });
  return {
    ...network,
    name: files.name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input,
    labels: readLabels(files, network.classes),
    scoring:
      network.output.activation === 'sigmoid' || network.head.logitsDims.every((dim) => dim === 1)
        ? 'sigmoid'
        : 'softmax',
  };
};
