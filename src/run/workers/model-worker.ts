import { describeModel, type ModelDescription } from '../../model/describe.js';
import { judgeModel, type Model, type PrepareOptions, readModel } from '../../model/prepare.js';
import { serve } from './serve.js';

/** The model to inspect. */
export interface ModelSetup {
  /** Built-in name, .onnx file, or folder. */
  readonly model: string;
  readonly prepare: PrepareOptions;
}

/** What the process found out about the model. */
export interface ModelFindings extends Pick<Model, 'input' | 'labels' | 'labelOrigin' | 'scoring'> {
  readonly description: ModelDescription;
}

serve(async ({ model: name, prepare }: ModelSetup, _: ModelFindings | undefined, begun) => {
  const source = readModel(name, prepare);
  await begun();
  const model = await judgeModel(source, prepare);
  const { input, labels, labelOrigin, scoring } = model;
  return {
    perform: async () => ({}),
    handed: { input, labels, labelOrigin, scoring, description: describeModel(model) },
  };
});
