import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { invalidOption, UsageError } from '../errors.js';
import { prepareExplainer } from '../explain.js';
import { prepareModel } from '../model/prepare.js';
import { type ExplainOptions, normalizeOptions } from '../options.js';
import { requireFont } from '../render/text.js';
import { commonFolder, type Discovery, discover } from '../run/discover.js';
import { isError, type ManifestLine } from '../run/manifest.js';
import { runPhotos } from '../run/run.js';
import { explainedLine, summaryLine } from './lines.js';
import { type ModelArguments, noteAssumptions, prepareOptionsOf } from './model-options.js';
import { reportRun } from './report.js';
import { showPictures, whyNotShown } from './show.js';
import type { Terminal } from './terminal.js';

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
  readonly show: boolean;
  /** Undefined: for more than one photo. */
  readonly report?: boolean | undefined;
  readonly json: boolean;
  readonly overwrite: boolean;
}

async function* discoverLines(stdin: Readable, skip: string): AsyncGenerator<Discovery> {
  for await (const line of createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') yield* discover([line], skip);
  }
}

const printLine = (
  { print, note }: Terminal,
  { json, output }: ExplainArguments,
  line: ManifestLine,
  shown: string,
) => {
  if (json) print(JSON.stringify(line));
  if (isError(line)) note(`${shown}: ${line.error.message}`);
  else if (!json) {
    for (const map of line.maps) {
      print(explainedLine(shown, map, map.files.length > 0 ? map.files : line.files, output));
    }
  }
};

const checkShow = ({ json }: ExplainArguments, { write }: ExplainOptions): void => {
  if (json)
    throw new UsageError('usage', 'Standard output takes either pictures or lines: --show or --json, not both.');
  if (!write.includes('overlay')) throw new UsageError('usage', '--show shows overlays; add --write overlay.');
};

/** What "-" among the photos becomes: the argument parser drops a lone hyphen. */
export const STANDARD_INPUT = '<standard input>';

/** `gapcam <photos...>`. @returns the exit code. */
export const explain = async (given: ExplainArguments, terminal: Terminal): Promise<number> => {
  if (given.photos.length === 0) {
    throw new UsageError(
      'usage',
      'Name photos to explain: files, folders, patterns, or - for standard input. See gapcam --help.',
    );
  }
  const fromStdin = given.photos.includes(STANDARD_INPUT);
  if (fromStdin && given.photos.length > 1) {
    throw new UsageError('usage', 'Paths come either from the command line or, with -, from standard input, not both.');
  }
  // Before the model is loaded, which takes longer than saying that an option is wrong.
  if (given.output === '') throw invalidOption('output', 'a folder', given.output);
  const output = resolve(given.output);
  if (given.photos.some((photo) => resolve(photo) === output)) {
    throw new UsageError(
      'usage',
      `${given.output} is both a folder of photos and the --output; choose another --output.`,
    );
  }
  const options = normalizeOptions({ ...given, classes: given.class });
  if (options.caption) await requireFont();
  if (given.show) checkShow(given, options);
  const model = await prepareModel(given.model, prepareOptionsOf(given));
  noteAssumptions(model, given, terminal);
  const explainer = prepareExplainer(model, options);
  const notShown = given.show ? whyNotShown(terminal) : undefined;
  if (notShown !== undefined) terminal.note(notShown);
  const show = given.show && notShown === undefined;
  // One line after the other: a picture takes longer to print than a line.
  let printing = Promise.resolve();
  const printAll = async (line: ManifestLine, shown: string) => {
    printLine(terminal, given, line, shown);
    if (!isError(line)) await showPictures(line, output, terminal);
  };
  const counts = await runPhotos({
    explainer,
    photos: fromStdin ? discoverLines(terminal.stdin, output) : discover(given.photos, output),
    folder: fromStdin ? process.cwd() : commonFolder(given.photos),
    output,
    overwrite: given.overwrite,
    signal: terminal.signal,
    onLine: (line, shown) => {
      if (!show) printLine(terminal, given, line, shown);
      else printing = printing.then(() => printAll(line, shown));
    },
  });
  await printing;
  if (show && counts.skipped > 0) {
    terminal.note('Photos that were done before are not shown again; with --overwrite they are.');
  }
  const report = await reportRun(output, given.report);
  const idle = counts.done + counts.failed + counts.skipped === 0 && !terminal.signal.aborted;
  terminal.note(
    idle
      ? 'Standard input names no photos.'
      : summaryLine(counts, { output: given.output, report, interrupted: terminal.signal.aborted }),
  );
  if (terminal.signal.aborted) return 130;
  const nothing = counts.done + counts.skipped === 0 && counts.failed === counts.empty;
  return nothing ? 2 : counts.failed > 0 ? 1 : 0;
};
