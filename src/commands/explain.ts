import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { invalidOption, UsageError } from '../errors.js';
import { type ExplainOptions, normalizeOptions } from '../options/explain.js';
import { REPORT } from '../report/write.js';
import type { Shard } from '../results/settings.js';
import { runPhotos } from '../run/run.js';
import { parseShard } from '../run/shard.js';
import { openSource, type RunPhotos, sourceOf } from '../run/sources/index.js';
import { failedOf, newTally } from '../run/tally.js';
import { startPool } from '../run/workers/pool.js';
import type { HandedOver, PhotoResult, PhotoTask, WorkerSetup } from '../run/workers/worker.js';
import { isSameFile } from '../stores/same-file.js';
import type { Terminal } from '../terminal/contract.js';
import { summaryLines } from '../terminal/lines.js';
import { printerOf } from '../terminal/printer.js';
import { countPhotos, showProgress } from '../terminal/progress.js';
import { type ModelArguments, noteAssumptions, prepareOptionsOf } from './model-options.js';
import { secondsFrom, shareCores } from './numbers.js';
import { reportRun } from './report.js';

export { STANDARD_INPUT } from '../run/sources/stdin.js';

export interface ExplainArguments extends ModelArguments {
  readonly photos: readonly string[];
  readonly model: string;
  readonly output: string;
  readonly top: unknown;
  readonly class: readonly string[];
  readonly write: readonly string[];
  readonly format?: unknown;
  readonly colormap?: unknown;
  readonly scale: unknown;
  readonly opacity: unknown;
  readonly fade?: unknown;
  readonly interpolation?: unknown;
  readonly layout?: unknown;
  readonly caption?: unknown;
  readonly jobs?: unknown;
  readonly threads?: unknown;
  readonly timeout: unknown;
  readonly shard?: unknown;
  readonly show: boolean;
  /** Undefined: for more than one photo. */
  readonly report?: boolean | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly overwrite: boolean;
}

/** What is to be explained, and where to. */
interface Inputs {
  /** Absolute path. */
  readonly output: string;
  /** The output folder as the person would write it. */
  readonly shown: string;
  readonly shard: Shard | undefined;
  readonly photos: RunPhotos;
}

/** @throws UsageError where photos, output or shard make no sense. */
const inputsOf = (
  { photos, output: given, shard: part }: ExplainArguments,
  { environment, stdin }: Terminal,
): Inputs => {
  if (photos.length === 0) {
    throw new UsageError(
      'usage',
      'Name photos to explain: files, folders, patterns, or - for standard input. See gapcam --help.',
    );
  }
  // Before the rest: they may not go together.
  sourceOf(photos);
  if (given === '') throw invalidOption('output', 'a folder', given);
  const shard = part === undefined ? undefined : parseShard(String(part), environment);
  // Each shard has a folder of its own, so that one command serves all machines that share a disk.
  const shown = shard === undefined ? given : join(given, `${shard.index}-of-${shard.count}`);
  const output = resolve(shown);
  if (photos.some((photo) => [output, resolve(given)].some((folder) => isSameFile(resolve(photo), folder)))) {
    throw new UsageError('usage', `${given} is both a folder of photos and the --output; choose another --output.`);
  }
  return { output, shown, shard, photos: openSource({ inputs: photos, output, stdin }) };
};

const checkShow = ({ json, quiet }: ExplainArguments, { write }: ExplainOptions): void => {
  if (json || quiet) {
    const other = json ? '--json' : '--quiet';
    throw new UsageError('usage', `--show prints pictures where ${other} wants none; leave one of them out.`);
  }
  if (!write.includes('overlay')) throw new UsageError('usage', '--show shows overlays; add --write overlay.');
};

/** `gapcam <photos...>`. @returns the exit code. */
export const explain = async (given: ExplainArguments, terminal: Terminal): Promise<number> => {
  const { signal, note } = terminal;
  // Before the model is loaded, which takes longer than saying that an option is wrong.
  const { output, shown, shard, photos } = inputsOf(given, terminal);
  const options = normalizeOptions({ ...given, classes: given.class });
  if (given.show) checkShow(given, options);
  const { processes, threads } = shareCores(given.jobs, given.threads, photos.count);
  const timeout = secondsFrom(given.timeout);
  const prepare = { ...prepareOptionsOf(given), threads };
  const pool = startPool<WorkerSetup, HandedOver, PhotoTask, PhotoResult>({
    worker: new URL('../run/workers/worker.js', import.meta.url),
    setup: { model: given.model, prepare, explain: options, output },
    processes,
    timeout,
  });
  const tally = newTally();
  const printer = printerOf(terminal, { ...given, shown, output });
  const ended = new AbortController();
  let endProgress = () => {};
  try {
    if (signal.aborted) return 130;
    const handed = await Promise.race([pool.handed, once(signal, 'abort')]);
    // Interrupted while the model was prepared.
    if (!('model' in handed)) return 130;
    const { model, description } = handed;
    noteAssumptions(model, given, terminal);
    if (!given.quiet) {
      const counting = photos.repeatable ? countPhotos(photos.list(ended.signal), shard, ended.signal) : undefined;
      endProgress = showProgress(terminal, tally, counting ?? Promise.resolve(undefined));
    }
    const identity = { model: description, classes: model.labels, options, folder: photos.folder, output, shard };
    const { overwrite } = given;
    const { onLine, ready } = printer;
    await runPhotos({ ...identity, pool, photos, overwrite, signal, onLine, ready, tally });
    await printer.end(tally.skipped);
  } finally {
    ended.abort();
    endProgress();
    pool.close();
  }
  const failed = failedOf(tally);
  const interrupted = signal.aborted;
  if (!given.quiet) {
    const idle = tally.done + failed + tally.skipped === 0 && !interrupted;
    if (idle) note(shard === undefined ? 'Standard input names no photos.' : 'No photo falls into this shard.');
    else for (const line of summaryLines(tally, shown, interrupted)) note(line);
  }
  if (interrupted) return 130;
  // It may take a while where there are many photos.
  const hasReport = await reportRun(output, given.report);
  if (hasReport && !given.quiet) note(`Report: ${join(shown, REPORT)}`);
  const nothing = shard === undefined && tally.done + tally.skipped === 0 && failed === tally.empty;
  return nothing ? 2 : failed > 0 ? 1 : 0;
};
