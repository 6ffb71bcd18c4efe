import { commandsFor } from '../../src/commands/index.js';
import { parserOf } from '../../src/commands/parser.js';
import { isKnownError } from '../../src/errors.js';
import { type Explainer, prepareExplainer } from '../../src/explain.js';
import { describeModel } from '../../src/model/describe.js';
import { type Model, type PrepareOptions, prepareModel } from '../../src/model/prepare.js';
import { type ExplainOptions, normalizeOptions } from '../../src/options/explain.js';
import { writeReport } from '../../src/report/write.js';
import { toText } from '../../src/results/line.js';
import type { Shard } from '../../src/results/settings.js';
import { type RunPlan, runPhotos } from '../../src/run/run.js';
import { openSource, sources } from '../../src/run/sources/index.js';
import { newTally, type Tally } from '../../src/run/tally.js';
import { explainInto } from '../../src/run/workers/explain-into.js';
import { explainPacked } from '../../src/run/workers/explain-packed.js';
import { openStore } from '../../src/stores/index.js';
import type { OpenedTruth } from '../../src/truth/index.js';
import type { Outcome } from './command.js';
import { terminalInto } from './terminal.js';

/**
 * What the command says and ends with, without a start of it; models and photos are worked on by the processes that it
 * starts, of the built code. That the built command does the same is claimed once for each kind. Paths are absolute: there is
 * no folder of its own to be in, nor is there anything on standard input.
 */
export const called = async (
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> => {
  const [printed, noted]: [string[], string[]] = [[], []];
  const terminal = { ...terminalInto(printed), note: (line: string) => void noted.push(line), environment };
  let code = 0;
  try {
    const exit = (given: number) => {
      code = given;
    };
    await parserOf(await commandsFor(words), words, terminal, exit).parseAsync();
  } catch (error) {
    // Anything else is a defect, and fails the test with its stack.
    if (!isKnownError(error)) throw error;
    noted.push(`gapcam: ${error.message}`);
    code = 2;
  }
  const asText = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  return { code, stdout: asText(printed), stderr: asText(noted) };
};

/** How the command tells that work is refused which was begun here. Anything but a refusal fails the test. */
export const refusalOf = async (work: Promise<unknown>): Promise<Outcome> => {
  try {
    await work;
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return { code: 2, stdout: '', stderr: `gapcam: ${error.message}\n` };
  }
  throw new Error('nothing was refused');
};

interface RunHere {
  /** Absolute paths of files or folders. */
  readonly photos: readonly string[];
  readonly output: string;
  /** The small one, where none is given. */
  readonly model?: string;
  readonly prepare?: PrepareOptions;
  readonly shard?: Shard;
  readonly overwrite?: boolean;
  readonly report?: boolean;
  readonly explain?: Partial<ExplainOptions>;
  readonly pack?: boolean;
  readonly truth?: OpenedTruth;
}

const threads = 1;
let prepared: Promise<Model> | undefined;

const modelOf = ({ model, prepare = {} }: RunHere): Promise<Model> => {
  if (model !== undefined) return prepareModel(model, { ...prepare, threads });
  prepared ??= prepareModel('nin-cifar10', { threads });
  return prepared;
};

/** Stands in for the processes of a run: one photo after the other, in this one. */
const poolHere = (explainer: Explainer, output: string): RunPlan['pool'] => ({
  handed: new Promise(() => {}),
  run: async ({ photo, source, address, key, truth }) => {
    const request = { photo, truth, read: () => sources[source].read(address) };
    if (key !== undefined) return explainPacked(explainer, request, key);
    return { line: toText(await explainInto(explainer, openStore(output), request)) };
  },
  capacity: async () => {},
  forgetWaiting: () => {},
  close: () => {},
});

/**
 * A run of the command without its processes: for tests that begin with a finished run, and for what is decided without
 * a process. @throws UsageError, ModelError as the command tells them.
 */
export const runHere = async (run: RunHere): Promise<Tally> => {
  const { photos: inputs, output, shard, overwrite = false, report = false, explain = {}, pack = false } = run;
  const model = await modelOf(run);
  const options = normalizeOptions(explain);
  const explainer = prepareExplainer(model, options);
  const photos = openSource({ inputs, output, stdin: process.stdin });
  const tally = newTally();
  const { signal } = new AbortController();
  await runPhotos({
    model: describeModel(model),
    classes: model.labels,
    wordnetIds: model.wordnetIds,
    options,
    folder: photos.folder,
    output,
    shard,
    pack,
    truth: run.truth,
    pool: poolHere(explainer, output),
    photos,
    overwrite,
    signal,
    ready: async () => {},
    onLine: () => {},
    tally,
  });
  if (report) await writeReport(output, signal);
  return tally;
};
