import { isError, UNREAD_FORMAT } from '../results/line.js';
import { keepLines, MANIFEST, scanLine, storedLines } from '../results/manifest.js';
import { requireOwn } from '../results/own.js';
import type { ScannedLine } from '../results/scan.js';
import { continuesRun, type RunSettings, writeSettings } from '../results/settings.js';
import { openStore } from '../stores/index.js';
import { type NameSet, nameSet } from '../stores/name-set.js';
import type { Store } from '../stores/store.js';
import { type Choice, checkChosen, chooseNewest, isChosen, readLines, type UnreadableLines } from './newest.js';
import { packedCopier } from './pack/copy.js';
import { takeWhole } from './pack/link.js';
import { marksFor, openPacking, type Packing } from './pack/packing.js';
import { plainRecording, type Recording } from './pack/recording.js';
import { isComplete, missingShards, type Part, partOf, sharedSettings } from './parts.js';
import { removePictures, removeRun } from './pictures.js';
import { finishedPhotos, hasFinished } from './resume.js';

export interface MergePlan {
  /** Absolute paths of output folders of runs. */
  readonly outputs: readonly string[];
  /** Absolute path of the folder that receives the merged run. */
  readonly target: string;
  /** Whether a run in the target is replaced. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
}

export interface MergeCounts {
  readonly photos: number;
  readonly failed: number;
  /** Files that were passed over, as their format is not read. */
  readonly unread: number;
  /** Shards without an output among the given ones, such as 3/16. */
  readonly missing: readonly string[];
  /** Outputs of runs that ended before their last photo, or whose manifest is gone. */
  readonly incomplete: readonly string[];
  /** Lines of the outputs, and of the target, that cannot be read. */
  readonly unreadable: readonly UnreadableLines[];
}

// Photos whose pictures are copied at once: a store may be far away.
const COPIED_AT_ONCE = 16;

// The target's index among the stores.
const TARGET = 0;

/** The state of a merge. */
interface Gathering {
  readonly target: Store;
  readonly stores: readonly Store[];
  readonly choice: Choice;
  readonly signal: AbortSignal;
  /** Photos that failed or were passed over and have a line in the target. */
  readonly failed: NameSet;
  /** Number of those that were passed over. */
  unread: number;
  /** Number of explained photos in the target. */
  photos: number;
}

/** Whether a line of the target gives way to one of another run, which explained the photo later, or at all. */
const givesWay = ({ table }: Choice, { photo, failure }: ScannedLine): boolean => {
  const best = table.get(photo);
  return best !== undefined && (failure !== undefined || best.tag !== TARGET);
};

/** Counts a photo that none of the runs explained. */
const countFailure = (gathering: Gathering, { failure }: ScannedLine): void => {
  if (failure === UNREAD_FORMAT) gathering.unread++;
};

/** Removes from the target what gives way: first the pictures, so that an interruption leaves no picture without a line. */
const makeWay = async (gathering: Gathering): Promise<void> => {
  const { target, choice, signal, failed } = gathering;
  let gone = 0;
  for await (const line of storedLines(target, signal)) {
    const found = scanLine(line);
    if (found === undefined) continue;
    if (givesWay(choice, found)) {
      gone++;
      await removePictures(target, found);
    } else if (found.failure === undefined) gathering.photos++;
    else if (failed.add(found.photo)) countFailure(gathering, found);
  }
  if (gone === 0 || signal.aborted) return;
  await keepLines(target, (line) => {
    const found = scanLine(line);
    return found === undefined || !givesWay(choice, found);
  });
};

/** Copies the chosen lines of a run with their pictures, each line after its pictures. */
const takeChosen = async (index: number, recording: Recording, gathering: Gathering): Promise<void> => {
  const { target, stores, choice, signal } = gathering;
  const under: { readonly text: string; readonly copied: Promise<void> }[] = [];
  const copy = async ({ files }: ScannedLine) => {
    for (const file of files) await target.copyFrom(stores[index], file);
  };
  const addFirst = async () => {
    const first = under.shift();
    await first?.copied;
    if (first !== undefined) await recording.append(first.text);
    gathering.photos++;
  };
  try {
    for await (const { text, found } of readLines(stores[index], signal)) {
      if (!isChosen(choice, index, found)) continue;
      // Of two equal lines the second is left out.
      choice.table.set(found.photo, 0, TARGET);
      const copied = copy(found);
      // It is waited for in its turn.
      copied.catch(() => {});
      under.push({ text, copied });
      if (under.length >= COPIED_AT_ONCE) await addFirst();
    }
    while (under.length > 0) await addFirst();
  } finally {
    await Promise.allSettled(under.map(({ copied }) => copied));
  }
};

/** As `takeChosen`, where pictures are packed. */
const takePacked = async (
  index: number,
  { keys, next }: Packing,
  recording: Recording,
  gathering: Gathering,
): Promise<void> => {
  const { target, stores, choice, signal } = gathering;
  const source = stores[index];
  const isTaken = (found: ScannedLine) => isChosen(choice, index, found);
  const whole = await takeWhole(target, source, { keys, isTaken, next }, signal);
  const copier = packedCopier(source, keys, recording, whole);
  try {
    for await (const { line, found } of readLines(source, signal)) {
      if (!isTaken(found)) continue;
      choice.table.set(found.photo, 0, TARGET);
      if (!isError(line)) await copier.copy(line);
      await recording.room();
      gathering.photos++;
    }
  } finally {
    await copier.end();
  }
};

/** Copies the failures of photos that none of the runs explained. */
const takeFailed = async (store: Store, recording: Recording, gathering: Gathering): Promise<void> => {
  const { choice, signal, failed } = gathering;
  for await (const { text, found } of readLines(store, signal)) {
    const isOpen = found.failure !== undefined && choice.table.get(found.photo) === undefined;
    if (!isOpen || !failed.add(found.photo)) continue;
    countFailure(gathering, found);
    await recording.append(text);
  }
};

/** Copies all chosen photos, then the failures of the rest. */
const gather = async (gathering: Gathering, settings: RunSettings): Promise<void> => {
  const { target, stores, signal } = gathering;
  await makeWay(gathering);
  const packing = settings.packs && !signal.aborted ? await openPacking(target, settings, signal) : undefined;
  const manifest = await target.append(MANIFEST);
  const recording = packing?.recording(manifest) ?? plainRecording(manifest);
  const take = (index: number) =>
    packing ? takePacked(index, packing, recording, gathering) : takeChosen(index, recording, gathering);
  try {
    for (const index of stores.keys()) if (index !== TARGET) await take(index);
    for (const [index, store] of stores.entries()) if (index !== TARGET) await takeFailed(store, recording, gathering);
  } finally {
    await recording.close();
  }
};

/** The marks of all tars that may come into the target. */
const packsFor = async (target: Store, parts: readonly Part[]): Promise<readonly string[]> => [
  ...new Set([...(await marksFor(target)), ...parts.flatMap((part) => part.settings.packs ?? [])]),
];

/** Merges into the target, which holds no other run and which this process has locked. */
const mergeInto = async (
  target: Store,
  settings: RunSettings,
  plan: Pick<MergePlan, 'overwrite' | 'signal'>,
  chosen: Pick<Gathering, 'stores' | 'choice'>,
): Promise<Gathering> => {
  if (plan.overwrite) await removeRun(target, plan.signal);
  else await finishedPhotos(target, plan.signal);
  // Where the run there could not be removed, its results must not be taken for the merged ones.
  if (!plan.signal.aborted) await writeSettings(target, settings);
  const gathering = { target, ...chosen, signal: plan.signal, failed: nameSet(), unread: 0, photos: 0 };
  await gather(gathering, settings);
  return gathering;
};

/**
 * Joins the manifests and pictures of several runs, such as shards, into a folder that equals that of a single run. Of a
 * photo that several of them explained, or the target has already, the newest result is taken.
 * @throws UsageError where an output holds no run, the runs' settings differ, a picture is gone, or the target cannot be
 * written or holds files that are no run's.
 */
export const mergeRuns = async ({ outputs, target: place, overwrite, signal }: MergePlan): Promise<MergeCounts> => {
  const parts: Part[] = [];
  for (const output of outputs) parts.push(await partOf(output));
  const target = openStore(place);
  await requireOwn(target);
  const shared = sharedSettings(parts, place);
  const settings = shared.options.pack === true ? { ...shared, packs: await packsFor(target, parts) } : shared;
  if (!overwrite && (await hasFinished(target))) await continuesRun(target, settings);
  const missing = missingShards(parts);
  const incomplete: string[] = [];
  for (const part of parts) if (!(await isComplete(part))) incomplete.push(part.store.place);

  const stores = [target, ...parts.map(({ store }) => store)];
  const choice = await chooseNewest(stores, overwrite ? TARGET + 1 : TARGET, signal);
  await checkChosen(stores, choice, signal);
  const { unreadable } = choice;
  // Half a choice would take old results for the newest.
  if (signal.aborted) return { photos: 0, failed: 0, unread: 0, missing, incomplete, unreadable };
  const lost = await target.lock();
  try {
    const ended = AbortSignal.any([signal, lost]);
    const { photos, failed, unread } = await mergeInto(
      target,
      settings,
      { overwrite, signal: ended },
      { stores, choice },
    );
    lost.throwIfAborted();
    const isWhole = missing.length + incomplete.length + unreadable.length === 0 && !signal.aborted;
    if (isWhole) await writeSettings(target, { ...settings, complete: true });
    return { photos, failed: failed.size() - unread, unread, missing, incomplete, unreadable };
  } finally {
    await target.release();
  }
};
