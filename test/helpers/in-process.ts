import { commandsFor } from '../../src/commands/index.js';
import { parserOf } from '../../src/commands/parser.js';
import { isKnownError } from '../../src/errors.js';
import { prepareExplainer, prepareModel } from '../../src/explain.js';
import { describeModel } from '../../src/model/describe.js';
import type { Model } from '../../src/model/prepare.js';
import { type ExplainOptions, normalizeOptions } from '../../src/options/explain.js';
import { writeReport } from '../../src/report/write.js';
import { toText } from '../../src/results/line.js';
import type { Shard } from '../../src/results/settings.js';
import { type RunPlan, runPhotos } from '../../src/run/run.js';
import { openSource, sources } from '../../src/run/sources/index.js';
import { newTally, type Tally } from '../../src/run/tally.js';
import { explainInto } from '../../src/run/workers/explain-into.js';
import { openStore } from '../../src/stores/index.js';
import type { Outcome } from './command.js';
import { terminalInto } from './terminal.js';

/**
 * What the command says and ends with, without a start of it. For what is decided before a model is read, for merges and
 * for reports; that the built command does the same is claimed once for each kind. Paths are absolute: there is no folder
 * of its own to be in.
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

interface RunHere {
  /** Absolute paths of files or folders. */
  readonly photos: readonly string[];
  readonly output: string;
  readonly shard?: Shard;
  readonly overwrite?: boolean;
  readonly report?: boolean;
  readonly explain?: Partial<ExplainOptions>;
}

let prepared: Promise<Model> | undefined;

/**
 * A run of the command with the small model, without its processes: for tests that begin with a finished run, and for
 * what is decided without a process. One photo at a time.
 */
export const runHere = async ({
  photos: inputs,
  output,
  shard,
  overwrite = false,
  report = false,
  explain = {},
}: RunHere): Promise<Tally> => {
  prepared ??= prepareModel('nin-cifar10', { threads: 1 });
  const model = await prepared;
  const options = normalizeOptions(explain);
  const explainer = prepareExplainer(model, options);
  const photos = openSource({ inputs, output, stdin: process.stdin });
  const store = openStore(output);
  const tally = newTally();
  const pool: RunPlan['pool'] = {
    handed: new Promise(() => {}),
    run: async ({ photo, source, address }) => ({
      line: toText(await explainInto(explainer, store, photo, () => sources[source].read(address))),
    }),
    capacity: async () => {},
    close: () => {},
  };
  const { signal } = new AbortController();
  await runPhotos({
    model: describeModel(model),
    classes: model.labels,
    options,
    folder: photos.folder,
    output,
    shard,
    pool,
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
