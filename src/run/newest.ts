import { UsageError } from '../errors.js';
import { type ManifestLine, parse } from '../results/line.js';
import { MANIFEST, storedLines } from '../results/manifest.js';
import { type ScannedLine, scannedOf } from '../results/scan.js';
import { type NameTable, nameTable } from '../stores/name-set.js';
import { isPictureOf } from '../stores/picture-names.js';
import type { Store } from '../stores/store.js';
import { hasAll, hasPacked } from './pictures.js';

/** Lines of a manifest that cannot be read. */
export interface UnreadableLines {
  /** Place of the run. */
  readonly place: string;
  readonly count: number;
  /** Numbers of the first of them, counted from 1. */
  readonly numbers: readonly number[];
}

// As many numbers as a sentence holds.
const NAMED = 10;

/** A line that could be read, as text and as what it says. */
interface ReadLine {
  readonly text: string;
  readonly line: ManifestLine;
  readonly found: ScannedLine;
}

/** Lines of a run that can be read. Each is checked as a whole. @param onDamage called with the number of each other line. */
export async function* readLines(
  store: Store,
  signal: AbortSignal,
  onDamage: (number: number) => void = () => {},
): AsyncGenerator<ReadLine> {
  for await (const { text, number } of storedLines(store, signal)) {
    const line: ManifestLine | undefined = parse(text);
    if (line === undefined) onDamage(number);
    else yield { text, line, found: scannedOf(line) };
  }
}

/** Which run's line of each photo is taken. */
export interface Choice {
  /** For each photo that a run explained: when, and the index of the run. */
  readonly table: NameTable;
  readonly unreadable: readonly UnreadableLines[];
}

/** When a photo was explained. Earlier versions do not tell, so they count as the oldest. */
const timeOf = ({ explained }: ScannedLine): number => explained ?? Number.NEGATIVE_INFINITY;

/**
 * Chooses each photo's newest line. Where two are equally new, that of the first run is taken. In one manifest the last line
 * counts, as a run that was killed may leave an older one before it.
 * @param stores the runs. The first is the target, of which only photos count whose pictures are there.
 * @param first index of the first run that counts.
 */
export const chooseNewest = async (stores: readonly Store[], first: number, signal: AbortSignal): Promise<Choice> => {
  const table = nameTable();
  const unreadable: UnreadableLines[] = [];
  for (const [index, store] of stores.entries()) {
    if (index < first) continue;
    const numbers: number[] = [];
    let count = 0;
    const onDamage = (number: number) => {
      if (count++ < NAMED) numbers.push(number);
    };
    for await (const { found } of readLines(store, signal, onDamage)) {
      if (found.failure !== undefined || (index === 0 && !(await hasAll(store, found)))) continue;
      const best = table.get(found.photo);
      const time = timeOf(found);
      if (best === undefined || best.tag === index || time > best.value) table.set(found.photo, time, index);
    }
    if (count > 0) unreadable.push({ place: store.place, count, numbers });
  }
  return { table, unreadable };
};

/** Whether a line is the one that was chosen of its photo. @param index of its run. */
export const isChosen = ({ table }: Choice, index: number, found: ScannedLine): boolean => {
  const best = table.get(found.photo);
  return found.failure === undefined && best?.tag === index && best.value === timeOf(found);
};

/** @throws UsageError `damaged-run` where a line names what is not a picture of its run, or one that is gone. */
const checkPictures = async (store: Store, { photo, files, packed }: ScannedLine): Promise<void> => {
  if (packed !== undefined) {
    if (await hasPacked(store, { files, packed })) return;
    const message = `The pictures of ${photo} are not in ${store.place}/${packed.tar}, as the run's manifest says; run it again, and merge then.`;
    throw new UsageError('damaged-run', message);
  }
  for (const file of files) {
    const isOwn = isPictureOf(photo, file);
    if (isOwn && (await store.sizeOf(file)) !== undefined) continue;
    const leadsOut = file.startsWith('/') || file.split(/[/\\]/).includes('..');
    const isGone = isOwn && !leadsOut && !(await store.has(file));
    const message = isGone
      ? `The picture ${store.pathOf(file) ?? `${store.place}/${file}`} is gone, which the run's manifest names; run it again, and merge then.`
      : `The ${MANIFEST} of ${store.place} names ${file} as a picture of ${photo}, which is no picture of it in that folder; run it again, and merge then.`;
    throw new UsageError('damaged-run', message);
  }
};

/** Checks the pictures of all chosen lines but the target's. @throws UsageError `damaged-run`. */
export const checkChosen = async (stores: readonly Store[], choice: Choice, signal: AbortSignal): Promise<void> => {
  for (const [index, store] of stores.entries()) {
    if (index === 0) continue;
    for await (const { found } of readLines(store, signal)) {
      if (isChosen(choice, index, found)) await checkPictures(store, found);
    }
  }
};
