import { prepareExplainer, withoutMeasures } from '../../explain.js';
import { describeModel, type ModelDescription } from '../../model/describe.js';
import { judgeModel, type PrepareOptions, readModel } from '../../model/prepare.js';
import { type HandedModel, handOver, takeOver } from '../../model/snapshot.js';
import type { ExplainOptions } from '../../options/explain.js';
import { requireFont } from '../../render/text.js';
import { toText } from '../../results/line.js';
import { openStore } from '../../stores/index.js';
import { isRemote } from '../../stores/places.js';
import { isInSample } from '../sample.js';
import { sources } from '../sources/index.js';
import type { TaskTruth } from '../truth-for.js';
import { type Far, readAhead } from './ahead.js';
import { explainInto } from './explain-into.js';
import { explainPacked, type PackedResult } from './explain-packed.js';
import { serve } from './serve.js';

/** What each process of a run is sent once. */
export interface WorkerSetup {
  /** Built-in name, .onnx file, or folder. */
  readonly model: string;
  readonly prepare: PrepareOptions;
  readonly explain: ExplainOptions;
  /** Place of the store for the results. */
  readonly output: string;
  /** Which photos are measured: see `isInSample`. Left out: all. */
  readonly sampleBelow?: number;
}

/** What the first process prepared for the other processes and for the run. */
export interface HandedOver {
  readonly model: HandedModel;
  readonly description: ModelDescription;
}

export interface PhotoTask extends TaskTruth {
  /** Name in the results. */
  readonly photo: string;
  /** Name of the source that reads it, and the argument of its `read`. */
  readonly source: string;
  readonly address: string;
  /** Set: its bytes lie far away, and are fetched ahead. */
  readonly far?: Far | undefined;
  /** What its members of a tar are called. Undefined: its pictures are files of their own. */
  readonly key?: string | undefined;
}

/** A photo's line of the manifest, as text: formatting its numbers takes time, and the worker has a core for it. */
export type PhotoResult = PackedResult;

serve(
  async (
    { model: name, prepare, explain, output, sampleBelow }: WorkerSetup,
    handed: HandedOver | undefined,
    begun,
  ) => {
    const source = handed === undefined ? readModel(name, prepare) : handed.model;
    await begun();
    const model = await ('bytes' in source ? judgeModel(source, prepare) : takeOver(source, prepare.threads));
    if (explain.caption) await requireFont();
    const measuring = prepareExplainer(model, explain);
    const explaining = withoutMeasures(measuring);
    const store = openStore(output);
    const ahead = readAhead();
    return {
      perform: async ({ photo, source, address, key, truth, far }: PhotoTask, says): Promise<PhotoResult> => {
        const explainer = isInSample(photo, sampleBelow) ? measuring : explaining;
        return ahead.inTurn(
          () => sources[source].read(address),
          far,
          says,
          async (read, onlyWrites) => {
            const request = { photo, truth, read };
            if (key !== undefined) return explainPacked(explainer, request, key);
            const writes = isRemote(output) ? onlyWrites : undefined;
            return { line: toText(await explainInto(explainer, store, request, writes)) };
          },
        );
      },
      handed: handed ?? { model: handOver(model), description: describeModel(model) },
      forget: ahead.forget,
    };
  },
);
