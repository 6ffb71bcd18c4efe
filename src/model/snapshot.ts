import { ModelError } from '../errors.js';
import { coveredBy } from './coverage/coverage.js';
import { readModelFile } from './locate.js';
import { reloadNetwork } from './network.js';
import { besideModel } from './onnx/external-data.js';
import { readNetwork } from './outputs.js';
import { type Model, sha256Of } from './prepare.js';
import { haveChanged, weightsWords } from './weights-digest.js';

/** A prepared model as plain data. Other processes load it without a new search or trial run. */
export interface HandedModel
  extends Pick<
    Model,
    | 'files'
    | 'sha256'
    | 'weights'
    | 'input'
    | 'labels'
    | 'labelOrigin'
    | 'wordnetIds'
    | 'scoring'
    | 'scoringOrigin'
    | 'units'
    | 'precision'
    | 'trial'
    | 'trialResidual'
    | 'trialShare'
    | 'cellOrder'
  > {
  /** Name of the output that is explained. */
  readonly output: string;
}

export const handOver = (model: Model): HandedModel => {
  const { files, sha256, weights, input, labels, labelOrigin, wordnetIds, scoring, scoringOrigin, units } = model;
  const { output, precision, trial, trialResidual, trialShare, cellOrder } = model;
  const network = { output: output.output, precision, trial, trialResidual, trialShare, cellOrder };
  const answers = { labels, labelOrigin, wordnetIds, scoring, scoringOrigin, units };
  return { files, sha256, weights, input, ...answers, ...network };
};

const changed = (what: string): ModelError =>
  new ModelError('model-changed', `${what} changed while its photos were explained; start again.`);

/**
 * Loads the model of a snapshot in this process.
 * @param threads cores that one forward pass may use. 0: all.
 * @throws ModelError `model-changed` where the model's file, or a file of its weights, has changed since.
 */
export const takeOver = async (handed: HandedModel, threads = 0): Promise<Model> => {
  const { output: outputName, ...rest } = handed;
  const { file, folder } = rest.files;
  const whole = readModelFile(file);
  if (sha256Of(whole) !== rest.sha256) throw changed(`The model ${file} was`);
  const { bytes, graph } = readNetwork(whole, besideModel(folder));
  if (rest.weights !== undefined && haveChanged(folder, graph.external, rest.weights)) {
    throw changed(
      `The weights in ${weightsWords(rest.weights.files.map(({ location }) => location))} beside the model ${file} were`,
    );
  }
  const source = {
    bytes,
    file,
    graph,
    size: rest.input.size,
    outputName,
    threads,
    areNumbers: rest.scoring === 'none',
  };
  const network = await reloadNetwork(source, handed);
  return { ...network, ...rest, covered: coveredBy(graph, network.head.pooling.featureMap, rest.input) };
};
