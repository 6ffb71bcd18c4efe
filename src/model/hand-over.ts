import { ModelError } from '../errors.js';
import { besideModel } from './beside.js';
import { readGraph } from './graph.js';
import { readModelFile } from './locate.js';
import { reloadNetwork } from './network.js';
import { type Model, sha256Of } from './prepare.js';

/** A model prepared in one process, as plain data for others: nothing is looked for or tried twice. */
export interface HandedModel
  extends Pick<Model, 'files' | 'sha256' | 'input' | 'labels' | 'labelOrigin' | 'scoring' | 'trial' | 'cellOrder'> {
  /** Name of the output that is explained. */
  readonly output: string;
}

export const handOver = (model: Model): HandedModel => {
  const { files, sha256, input, labels, labelOrigin, scoring, output, trial, cellOrder } = model;
  return { files, sha256, input, labels, labelOrigin, scoring, output: output.output, trial, cellOrder };
};

/**
 * The same model, in this process.
 * @param threads cores that one forward pass may use; 0: as many as there are.
 * @throws ModelError `model-changed` where another file lies in its place by now.
 */
export const takeOver = async (handed: HandedModel, threads = 0): Promise<Model> => {
  const { output: outputName, trial, cellOrder, ...rest } = handed;
  const { file, folder } = rest.files;
  const bytes = readModelFile(file);
  if (sha256Of(bytes) !== rest.sha256) {
    throw new ModelError(
      'model-changed',
      `The model ${file} was changed while its photos were explained; start again.`,
    );
  }
  const graph = readGraph(bytes, besideModel(folder));
  const source = { bytes, file, graph, size: rest.input.size, outputName, threads };
  const network = await reloadNetwork(source, { trial, cellOrder });
  return { ...network, ...rest };
};
