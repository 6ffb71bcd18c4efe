import { UsageError } from '../errors.js';
import { havePlaces } from '../maps/feature-map.js';
import { NO_GRID } from '../maps/remarks.js';
import { defineOption, type OptionsOf, only, withoutDefault } from '../options/define.js';
import { type ExplainOptions, explainOptions, normalizeOptions } from '../options/explain.js';
import { modelOptions, prepareOptionsOf } from '../options/model.js';
import { runOptions } from '../options/run.js';
import { texts } from '../options/values.js';
import { packageFile } from '../package-file.js';
import { REPORT } from '../report/own-files.js';
import type { Shard } from '../results/settings.js';
import { runPhotos } from '../run/run.js';
import { isInSample, sampleBelow } from '../run/sample.js';
import { parseShard } from '../run/shard.js';
import { openSource, type RunPhotos, sourceOf } from '../run/sources/index.js';
import { STANDARD_INPUT } from '../run/sources/standard-input.js';
import { failedOf, newTally, unreadOf } from '../run/tally.js';
import { startPool } from '../run/workers/pool.js';
import type { HandedOver, PhotoResult, PhotoTask, WorkerSetup } from '../run/workers/worker.js';
import { placeOf } from '../stores/index.js';
import { NOWHERE } from '../stores/none.js';
import { below } from '../stores/places.js';
import type { Terminal } from '../terminal/contract.js';
import { summaryLines, unreadLine, withoutReport } from '../terminal/lines.js';
import { printerOf } from '../terminal/printer.js';
import { countPhotos, showListing, showProgress } from '../terminal/progress.js';
import { noteAssumptions } from './assumptions.js';
import { defineCommand } from './command.js';
import { openGivenTruth, requireTruth, tellOfTruth, type WatchedTruth, watchTruth } from './given-truth.js';
import { refuseIdleSample, secondsWithMeasures } from './measuring.js';
import { refuseModel, refuseOutput } from './refuse-photos.js';
import { refuseForeignReport, reportRun } from './report-run.js';
import { shareCores } from './share-cores.js';
import { checkShow, inOneFormat } from './show-and-pack.js';
import { unlessInterrupted } from './unless-interrupted.js';
import { refuseWithNone } from './write-none.js';

const { model, output, ...otherRunOptions } = runOptions;

const positionals = {
  photos: defineOption({
    values: texts('files, folders or patterns'),
    default: [],
    describe: 'Files, folders, patterns, addresses (s3://, https://), or - for one a line on standard input',
  }),
};
// Without a default, so that it is known whether the person gave one.
const givenOutput = { ...withoutDefault(output), otherwise: output.default };
const options = { model, output: givenOutput, ...explainOptions, ...otherRunOptions, ...modelOptions };

type Given = OptionsOf<typeof positionals> & OptionsOf<typeof options>;

/** What is to be explained, and where to. */
interface Inputs {
  /** Place of the store for the results; `NOWHERE`: none. */
  readonly output: string;
  /** The output folder as the person would write it. Undefined: no file is written. */
  readonly displayPath: string | undefined;
  /** Whether each line of standard input is answered by one line. */
  readonly eachLine: boolean;
  readonly shard: Shard | undefined;
  readonly photos: RunPhotos;
}

/** Where results go. Each shard has a folder of its own, so that one command serves all machines that share a disk. */
const placesOf = ({ photos, output: given = output.default ?? '' }: Given, shard: Shard | undefined) => {
  const displayPath = shard === undefined ? given : below(given, `${shard.index}-of-${shard.count}`);
  const place = placeOf(displayPath);
  refuseOutput(photos, place, given);
  return { output: place, displayPath };
};

/** @throws UsageError where photos, output or shard make no sense. */
const inputsOf = (given: Given, { write }: ExplainOptions, { environment, stdin }: Terminal): Inputs => {
  const { photos, shard: part, column, allowLocal } = given;
  if (photos.length === 0) {
    throw new UsageError(
      'usage',
      'Name photos to explain: files, folders, patterns, addresses, or - for standard input. See gapcam --help.',
    );
  }
  refuseModel(photos);
  // Before the rest: they may not go together.
  sourceOf(photos);
  const shard = part === undefined ? undefined : parseShard(part, environment);
  const none = write.includes('none');
  const eachLine = none && photos.includes(STANDARD_INPUT);
  if (none) refuseWithNone(given, eachLine);
  const places = none ? { output: NOWHERE, displayPath: undefined } : placesOf(given, shard);
  const source = openSource({ inputs: photos, output: places.output, stdin, eachLine, column, allowLocal });
  return { ...places, eachLine, shard, photos: source };
};

/** What one run of the command works with. */
interface Run {
  readonly given: Given;
  readonly inputs: Inputs;
  readonly options: ExplainOptions;
  readonly pool: ReturnType<typeof openPool>;
  readonly tally: ReturnType<typeof newTally>;
  /** Opened when the model's classes are known. Undefined: none is given. */
  watched?: WatchedTruth | undefined;
  /** Whether maps lie somewhere in their photos. */
  drawn?: boolean;
}

/** Starts the processes, the first of which prepares the model. */
const openPool = (given: Given, explain: ExplainOptions, { output, photos }: Inputs, below: number) => {
  const { processes, threads } = shareCores(given.jobs, given.threads, photos.count);
  const seconds = secondsWithMeasures(given.timeout, explain, given.truth !== undefined);
  return startPool<WorkerSetup, HandedOver, PhotoTask, PhotoResult>({
    worker: packageFile('dist/run/workers/worker.js'),
    setup: {
      model: given.model,
      prepare: { ...prepareOptionsOf(given), threads },
      explain,
      output,
      sampleBelow: below,
    },
    processes,
    timeout: given.timeout,
    taskTimeout: ({ photo }) => (isInSample(photo, below) ? seconds : given.timeout),
  });
};

/** Explains the photos as they are found. @returns false where the person interrupts before the model is prepared. */
const explainAll = async (run: Run, terminal: Terminal): Promise<boolean> => {
  const { given, inputs, options, pool, tally } = run;
  const { signal } = terminal;
  const { output, displayPath, shard, photos } = inputs;
  const ended = new AbortController();
  let endProgress = () => {};
  try {
    const handed = await unlessInterrupted(pool.handed, signal);
    if (handed === undefined) return false;
    const { model, description } = handed;
    noteAssumptions(model, given, terminal);
    const truth = await openGivenTruth(given, model, photos.folder);
    run.watched = truth && watchTruth(truth, given.quiet ? () => {} : terminal.note);
    const drawn = havePlaces(description.head);
    run.drawn = drawn;
    if (!drawn) terminal.note(`No picture is drawn of the ${description.head.grid[1]} cells: ${NO_GRID}.`);
    const printer = printerOf(terminal, { ...given, displayPath, output, drawn });
    if (!given.quiet) {
      const counting = photos.repeatable ? countPhotos(photos.list(ended.signal), shard, ended.signal) : undefined;
      endProgress = showProgress(terminal, tally, counting ?? Promise.resolve(undefined));
    }
    const identity = {
      model: description,
      classes: model.labels,
      wordnetIds: model.wordnetIds,
      options,
      measureSample: given.measureSample,
      folder: photos.folder,
      output,
      shard,
    };
    const { overwrite, pack } = given;
    const { ready } = printer;
    const onLine: typeof printer.onLine = (line, found) => {
      printer.onLine(line, found);
      run.watched?.add(line);
    };
    await runPhotos({ ...identity, pack, truth, pool, photos, overwrite, signal, onLine, ready, tally });
    await printer.end(tally.skipped);
    return true;
  } finally {
    ended.abort();
    endProgress();
    pool.close();
  }
};

/** Makes the report, which may take a while where there are many photos. @returns whether the person let it be made. */
const addReport = async (output: string, displayPath: string, given: Given, terminal: Terminal): Promise<boolean> => {
  const report = await reportRun(output, given.report, terminal.signal);
  if (report !== 'none' && !given.quiet) {
    terminal.note(report === 'made' ? `Report: ${below(displayPath, REPORT)}` : withoutReport(displayPath));
  }
  return report !== 'interrupted';
};

/** Says what the run came to, and makes its report. @returns the exit code. */
const conclude = async ({ given, inputs, tally, watched, drawn = false }: Run, terminal: Terminal): Promise<number> => {
  const { signal, note } = terminal;
  const { output, displayPath, shard, eachLine } = inputs;
  const [failed, unread] = [failedOf(tally), unreadOf(tally)];
  const interrupted = signal.aborted;
  if (!given.quiet) {
    const idle = tally.done + failed + tally.skipped + tally.own + unread === 0 && !interrupted;
    if (idle) note(shard === undefined ? 'Standard input names no photos.' : 'No photo falls into this shard.');
    else for (const line of summaryLines(tally, displayPath, interrupted)) note(line);
  }
  const all = !interrupted && !eachLine;
  const kept = drawn && tally.done + tally.skipped > 0 ? displayPath : undefined;
  const unfound = watched && tellOfTruth(watched, { all, quiet: given.quiet, kept }, note);
  // What makes the exit code is said, however quiet.
  if (given.quiet && given.strict && unread > 0) note(unreadLine(tally));
  if (interrupted) return 130;
  // Each line has its answer. An engine would take any other code for a process that broke down.
  if (eachLine) return given.strict && failed > 0 ? 1 : 0;
  if (displayPath !== undefined && !(await addReport(output, displayPath, given, terminal))) return 130;
  if (unfound !== undefined) throw unfound;
  const nothing = shard === undefined && tally.done + tally.skipped === 0 && failed === tally.empty;
  const falls = (failed > 0 && !given.exitZero) || (given.strict && unread > 0);
  return nothing ? 2 : falls ? 1 : 0;
};

export const explain = defineCommand({
  usage: '$0 [photos..]',
  description: 'Explain photos',
  positionals,
  options,
  examples: [
    ['$0 photo.jpg -k 3 -o out', 'The three best classes of one photo'],
    ["$0 'photos/**/*.webp' -m nin-cifar10", 'Every WebP below photos/, with another model'],
  ],
  run: async (given, terminal) => {
    const asked = normalizeOptions(only(explainOptions, given));
    const explain = given.pack ? inOneFormat(asked) : asked;
    refuseIdleSample(given.measureSample, explain);
    const inputs = inputsOf(given, explain, terminal);
    if (given.show) checkShow(given, explain);
    requireTruth(given);
    if (given.report !== false && inputs.displayPath !== undefined)
      await refuseForeignReport(inputs.output, ', choose another --output, or --no-report');
    // Last, since to load a model takes longer than to say that an option is wrong.
    const { onListed, stop } = showListing(terminal, 'to choose those that are measured');
    const choosing = sampleBelow(given.measureSample, inputs.photos, terminal.signal, onListed);
    const below = await choosing.finally(stop);
    if (below === undefined) return 130;
    const pool = openPool(given, explain, inputs, below);
    const run: Run = { given, inputs, options: explain, pool, tally: newTally() };
    return (await explainAll(run, terminal)) ? conclude(run, terminal) : 130;
  },
});
