import { UsageError } from '../errors.js';
import { isOrientation } from '../image/orientation.js';
import { localise } from '../localise/localise.js';
import { extentOf } from '../localise/plane.js';
import { type BoxRule, ruleOf } from '../localise/rule.js';
import { havePlaces } from '../maps/feature-map.js';
import { cellsOf } from '../maps/result.js';
import { isError, type ManifestLine, type MapRecord, type PhotoLine, parse } from '../results/line.js';
import { wholeLines } from '../results/manifest.js';
import { requireFiles } from '../results/own.js';
import { scan } from '../results/scan.js';
import { type RunSettings, readSettings } from '../results/settings.js';
import { isSoundLine } from '../results/sound.js';
import { openStore } from '../stores/index.js';
import { type NameTable, nameTable } from '../stores/name-set.js';
import { placeFrom } from '../stores/places.js';
import type { Store } from '../stores/store.js';
import type { Finding, FoundPhoto, FoundRun } from './format.js';

/** What a run came to as it was read. */
export interface FoundCounts {
  photos: number;
  /** Photos that failed. No format holds them. */
  failed: number;
  /** Maps in which no box was found. */
  empty: number;
  boxes: number;
  /** Lines that could not be read. */
  unreadable: number;
}

/** @param rule by which a map's parts are found. */
const findingIn =
  (line: PhotoLine, rule: BoxRule, placed: boolean) =>
  (map: MapRecord): Finding => {
    const { plane, parts } = localise(cellsOf(map), extentOf(line), rule);
    return { map, plane, parts: placed ? parts : [] };
  };

/** Whether all of a line can be written elsewhere: its classes are the run's. */
const isWritable = (line: ManifestLine, { classes }: RunSettings): boolean =>
  isSoundLine(line) &&
  (isError(line) ||
    (isOrientation(line.orientation ?? 1) && line.maps.every(({ class: index }) => index < classes.length)));

/** Which lines count: a run that was killed may leave an older line of a photo before its newest. */
interface Lines {
  readonly count: number;
  /** For each photo the number of its last line. Undefined: no photo has two. */
  readonly last: NameTable | undefined;
}

const linesIn = async (store: Store, signal: AbortSignal): Promise<Lines> => {
  const last = nameTable();
  let [count, named] = [0, 0];
  for await (const text of wholeLines(store, signal)) {
    const photo = scan(text)?.photo;
    if (photo !== undefined) {
      last.set(photo, count, 0);
      named++;
    }
    count++;
  }
  return { count, last: last.size() < named ? last : undefined };
};

/** A photo whose boxes are looked for when they are first asked for. */
const foundPhoto = (line: PhotoLine, find: (line: PhotoLine) => readonly Finding[]): FoundPhoto => {
  let findings: readonly Finding[] | undefined;
  return {
    line,
    orientation: line.orientation ?? 1,
    get findings() {
      findings ??= find(line);
      return findings;
    },
  };
};

/**
 * Opens a run to be written in another tool's format. Reads run.json and manifest.jsonl, no photo and no model.
 * @param output the run's folder.
 * @param boxes the rule for boxes, in words. Undefined: the run's own, else the default.
 * @returns the run, and counts of what was found, of the pass through the photos in which most boxes were asked for.
 * @throws UsageError `no-run`, `damaged-run`, `later-run`; the signal's reason.
 */
export const openRun = async (
  output: string,
  boxes: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly run: FoundRun; readonly counts: () => FoundCounts }> => {
  const store = openStore(output);
  await requireFiles(store);
  const settings = await readSettings(store);
  if (settings === undefined)
    throw new UsageError('no-run', `${output} holds no run.json; name the --output of a run.`);
  const rule = ruleOf(boxes ?? settings.options.boxes);
  const placed = havePlaces(settings.head);
  const lines = await linesIn(store, signal);
  let counts: FoundCounts = { photos: 0, failed: 0, empty: 0, boxes: 0, unreadable: 0 };
  const photos: FoundRun['photos'] = async function* () {
    const pass: FoundCounts = { photos: 0, failed: 0, empty: 0, boxes: 0, unreadable: 0 };
    const find = (line: PhotoLine) => {
      const findings = line.maps.map(findingIn(line, rule, placed));
      pass.empty += findings.filter(({ parts }) => parts.length === 0).length;
      pass.boxes += findings.reduce((sum, { parts }) => sum + parts.length, 0);
      return findings;
    };
    let number = -1;
    for await (const text of wholeLines(store, signal)) {
      number++;
      // What the run has added meanwhile is left to the next time.
      if (number === lines.count) break;
      const line = parse(text);
      if (line === undefined || !isWritable(line, settings)) pass.unreadable++;
      else if ((lines.last?.get(line.photo)?.value ?? number) !== number) continue;
      else if (isError(line)) pass.failed++;
      else {
        pass.photos++;
        yield foundPhoto(line, find);
      }
    }
    // The lines end where the person interrupts: a file of some of the photos must not pass for one of all.
    signal.throwIfAborted();
    if (pass.boxes + pass.empty >= counts.boxes + counts.empty) counts = pass;
  };
  return { run: { settings, folder: placeFrom(output, settings.photos), photos }, counts: () => counts };
};
