import { scanLine, storedLines } from '../../results/manifest.js';
import type { Packed } from '../../results/packed.js';
import type { ScannedLine } from '../../results/scan.js';
import type { Store } from '../../stores/store.js';
import { placeOf } from './names.js';
import { END, HEAD } from './tar-entry.js';

/** A line of the manifest, and where its pictures lie in a tar. */
interface PlacedLine {
  readonly found: ScannedLine;
  readonly place: Packed;
}

/** The lines that name a place in a tar. */
export async function* placesIn(store: Store, signal?: AbortSignal): AsyncGenerator<PlacedLine> {
  for await (const line of storedLines(store, signal)) {
    const found = scanLine(line);
    const place = found && placeOf(found);
    if (found !== undefined && place !== undefined) yield { found, place };
  }
}

/** What lines name of a tar. */
export interface Use {
  /** Bytes of all members that they name. */
  readonly bytes: number;
  /** Where the last of them ends. */
  readonly end: number;
}

/** The same with one more place. @param use undefined: it is the first. */
export const usedBy = (use: Use | undefined, { at, size }: Packed): Use => ({
  bytes: (use?.bytes ?? 0) + size,
  end: Math.max(use?.end ?? HEAD, at + size),
});

/** Whether lines name all that lies between the first member and the last one named. */
export const isDense = ({ bytes, end }: Use): boolean => bytes === end - HEAD;

/** Whether a tar holds just what lines name, and as many bytes after it as end it. */
export const isWhole = async (store: Store, tar: string, use: Use): Promise<boolean> =>
  isDense(use) && (await store.sizeOf(tar)) === use.end + END.length;
