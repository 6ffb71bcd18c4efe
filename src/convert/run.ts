import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { localise } from '../localise/localise.js';
import { type BoxRule, DEFAULT_RULE, parseRule } from '../localise/rule.js';
import type { Box } from '../maps/box.js';
import { havePlaces } from '../maps/feature-map.js';
import { cellsOf } from '../maps/result.js';
import { isError, type MapRecord, type PhotoLine, parse } from '../results/line.js';
import { wholeLines } from '../results/manifest.js';
import { requireFiles } from '../results/own.js';
import { type RunSettings, readSettings } from '../results/settings.js';
import { isSoundLine } from '../results/sound.js';
import { openStore } from '../stores/index.js';
import type { Finding, FoundRun } from './format.js';

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

const boxOf = ([x, y, width, height]: PhotoLine['seen']): Box => ({ x, y, width, height });

/** @param rule by which a map's parts are found. */
const findingIn =
  (line: PhotoLine, rule: BoxRule, placed: boolean) =>
  (map: MapRecord): Finding => {
    const extent = { photo: line, field: boxOf(line.field), seen: boxOf(line.seen) };
    const { plane, parts } = localise(cellsOf(map), extent, rule);
    return { map, plane, parts: placed ? parts : [] };
  };

/** The rule that is asked for, else that by which the run itself drew boxes, else the usual one. */
const ruleOf = (asked: string | undefined, { options }: RunSettings): BoxRule => {
  const words = asked ?? options.boxes;
  return words === undefined ? DEFAULT_RULE : parseRule('boxes', words);
};

/**
 * Opens a run to be written in another tool's format. Reads run.json and manifest.jsonl, no photo and no model.
 * @param output the run's folder.
 * @param boxes the rule for boxes, in words. Undefined: the run's own, else the default.
 * @returns the run, and counts of what was found, of the photos that were last gone through.
 * @throws UsageError `no-run`, `damaged-run`, `later-run`.
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
  const rule = ruleOf(boxes, settings);
  const placed = havePlaces(settings.head);
  let counts: FoundCounts;
  const photos: FoundRun['photos'] = async function* () {
    counts = { photos: 0, failed: 0, empty: 0, boxes: 0, unreadable: 0 };
    for await (const text of wholeLines(store, signal)) {
      const line = parse(text);
      if (line === undefined || !isSoundLine(line)) counts.unreadable++;
      else if (isError(line)) counts.failed++;
      else {
        const findings = line.maps.map(findingIn(line, rule, placed));
        counts.photos++;
        counts.empty += findings.filter(({ parts }) => parts.length === 0).length;
        counts.boxes += findings.reduce((sum, { parts }) => sum + parts.length, 0);
        yield { line, orientation: line.orientation ?? 1, findings };
      }
    }
    // The lines end where the person interrupts: a file of some of the photos must not pass for one of all.
    signal.throwIfAborted();
  };
  return { run: { settings, folder: join(output, settings.photos), photos }, counts: () => counts };
};
