import { isError, isUnread, type ManifestLine } from '../results/line.js';
import type { Discovery } from '../run/sources/source.js';
import type { Terminal } from './contract.js';
import { asJson } from './json.js';
import { explainedLine } from './lines.js';
import { measureLines } from './measure-lines.js';
import { showPictures, whyNotShown } from './show.js';

interface PrintOptions {
  /** Place of the results. */
  readonly output: string;
  /** The output folder as the person would write it. Undefined: there is none. */
  readonly displayPath: string | undefined;
  /** Pictures too. */
  readonly show: boolean;
  /** Whether overlays are drawn. */
  readonly drawn: boolean;
  /** Lines of the manifest. */
  readonly json: boolean;
  /** Failures only. */
  readonly quiet: boolean;
}

/** What a line is about. */
type Found = Pick<Discovery, 'displayPath' | 'line'>;

export interface Printer {
  readonly onLine: (line: ManifestLine, found: Found) => void;
  /** Resolves when little waits to be printed. */
  readonly ready: () => Promise<void>;
  /** Resolves when all is printed. @param skipped number of photos that were done before. */
  readonly end: (skipped: number) => Promise<void>;
}

// On a terminal, results of this many photos are printed; more would scroll past too fast to read.
const SHOWN = 20;

/** Prints the lines of a photo. @param withPictures whether its pictures follow. */
const linePrinter = (
  { print, note, interactive }: Terminal,
  { displayPath: folder, json, quiet }: PrintOptions,
  withPictures: boolean,
): Printer['onLine'] => {
  let photos = 0;
  return (line, { displayPath, line: answered }) => {
    // What it answers comes first. Without a folder no run.json says below which folder the photo's name is.
    if (json) print(asJson({ in: answered ?? (folder === undefined ? displayPath : undefined), ...line }));
    // Counted in the end: a folder may hold thousands.
    if (isUnread(line)) return;
    if (isError(line)) return note(`${displayPath}: ${line.error.message}`);
    if (json || quiet) return;
    if (folder !== undefined && interactive && !withPictures && photos++ >= SHOWN) {
      if (photos === SHOWN + 1) print(`... and so on, all in ${folder}`);
      return;
    }
    line.maps.forEach((map, i) => {
      // What belongs to no class alone, such as a strip, is named where a class has nothing else, and with the first.
      const files = i === 0 || map.files.length === 0 ? [...map.files, ...line.files] : map.files;
      print(explainedLine(displayPath, map, files, folder));
      for (const measured of measureLines(displayPath, map)) print(measured);
    });
  };
};

/** Prints each photo's result, or its failure, as it comes. */
export const printerOf = (terminal: Terminal, options: PrintOptions): Printer => {
  const { note } = terminal;
  const notShown = options.show ? whyNotShown(terminal, options.drawn) : undefined;
  if (notShown !== undefined) note(notShown);
  const withPictures = options.show && notShown === undefined;
  const printLine = linePrinter(terminal, options, withPictures);
  // One after the other: a picture takes longer to print than a line.
  let printing = Promise.resolve();
  const printPictures = async (line: ManifestLine, found: Found) => {
    printLine(line, found);
    if (!isError(line)) await showPictures(line, options.output, terminal);
  };
  return {
    onLine: (line, found) => {
      if (withPictures) printing = printing.then(() => printPictures(line, found));
      else printLine(line, found);
    },
    ready: async () => {
      await printing;
      await terminal.drained();
    },
    end: async (skipped) => {
      await printing;
      if (withPictures && skipped > 0) {
        note('Photos that were done before are not shown again; with --overwrite they are.');
      }
    },
  };
};
