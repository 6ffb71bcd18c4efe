import { UsageError } from '../errors.js';
import { localise } from '../localise/localise.js';
import { extentOf } from '../localise/plane.js';
import { type BoxRule, ruleOf } from '../localise/rule.js';
import { havePlaces } from '../maps/feature-map.js';
import { cellsOf } from '../maps/result.js';
import { latestLines, usableLine } from '../results/latest.js';
import { isError, type MapRecord, type PhotoLine } from '../results/line.js';
import { requireFiles } from '../results/own.js';
import { readSettings } from '../results/settings.js';
import { openStore } from '../stores/index.js';
import { placeFrom } from '../stores/places.js';
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
  const lines = await latestLines(store, signal);
  let counts: FoundCounts = { photos: 0, failed: 0, empty: 0, boxes: 0, unreadable: 0 };
  const photos: FoundRun['photos'] = async function* () {
    const pass: FoundCounts = { photos: 0, failed: 0, empty: 0, boxes: 0, unreadable: 0 };
    const find = (line: PhotoLine) => {
      const findings = line.maps.map(findingIn(line, rule, placed));
      pass.empty += findings.filter(({ parts }) => parts.length === 0).length;
      pass.boxes += findings.reduce((sum, { parts }) => sum + parts.length, 0);
      return findings;
    };
    for await (const { text } of lines.read()) {
      const line = usableLine(text, settings.classes.length);
      if (line === undefined) pass.unreadable++;
      else if (isError(line)) pass.failed++;
      else {
        pass.photos++;
        yield foundPhoto(line, find);
      }
    }
    if (pass.boxes + pass.empty >= counts.boxes + counts.empty) counts = pass;
  };
  return { run: { settings, folder: placeFrom(output, settings.photos), photos }, counts: () => counts };
};
