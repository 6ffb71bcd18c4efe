import { unitOf } from '../../maps/remarks.js';
import type {
  ClassEntry,
  ClassesFile,
  ExplainedPhoto,
  MapEntry,
  MapsFile,
  MeansFile,
  PhotoEntry,
  PhotosFile,
  ReportRun,
} from '../data.js';
import { element } from './dom.js';

declare global {
  /** What the data files call. */
  var gapcamData: (name: string, value: unknown) => void;
}

// Of 64 thousand cells each.
const MAP_FILES_HELD = 64;

// A browser reads and parses several scripts at a time.
const LOADED_AHEAD = 8;

const waiting = new Map<string, (value: unknown) => void>();
globalThis.gapcamData = (name, value) => waiting.get(name)?.(value);

/** Runs a data file: a page from the disk may load nothing but scripts. */
const load = (folder: string, name: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const script = element('script', { src: `${folder}/${name}.js` });
    const end = () => {
      script.remove();
      // Where the value was handed over, this comes too late to matter; a file that is cut short hands over none.
      reject(new Error(`${script.src} cannot be loaded. Was the report made again? Then reload this page.`));
    };
    script.addEventListener('load', end);
    script.addEventListener('error', end);
    waiting.set(name, (value) => {
      waiting.delete(name);
      resolve(value);
    });
    document.head.append(script);
  });

/** float32 values, little-endian, from base64. */
export const decodeCells = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);

/** All that the page shows. */
export interface Report {
  readonly run: ReportRun;
  /** In the order of the manifest. */
  readonly photos: readonly PhotoEntry[];
  /** Cells of each of a photo's maps, row by row, in logits. Rejects, like `means`, where the data cannot be loaded. */
  readonly cellsOf: (photo: number) => Promise<readonly Float32Array[]>;
  readonly means: () => Promise<MeansFile>;
  /** What an evaluation says of classes. Rejects as the others. */
  readonly classResults: () => Promise<readonly ClassEntry[]>;
  /** Whether the network gives scores of classes; else it gives numbers as they are. */
  readonly hasScores: boolean;
  /** What the values of all maps are measured in: "logits", or the numbers' own unit. Empty where it is not said, or differs. */
  readonly unit: string;
}

/** The photo, if it was explained. */
export const explained = (entry: PhotoEntry): ExplainedPhoto | undefined => ('error' in entry ? undefined : entry);

/** A photo's map with its place among the photo's maps. */
export interface PlacedMap {
  readonly map: MapEntry;
  readonly at: number;
}

const commonUnit = (photos: readonly PhotoEntry[]): string => {
  const units = new Set(photos.flatMap((entry) => explained(entry)?.maps.map(unitOf) ?? []));
  const [unit = 'logits'] = units;
  return units.size > 1 ? '' : unit;
};

/** Index of the last of ascending numbers that is not above the value. */
const lastUpTo = (numbers: readonly number[], value: number): number => {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (numbers[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** What an evaluation says of classes; none where there is none. */
const loadClasses = async ({ data, evaluation }: ReportRun): Promise<readonly ClassEntry[]> => {
  const files = typeof evaluation === 'object' ? evaluation.classFiles : 0;
  const parts: (readonly ClassEntry[])[] = [];
  for (let file = 0; file < files; file++) parts.push((await load(data, `classes-${file}`)) as ClassesFile);
  return parts.flat();
};

/** Loads what the whole page needs, and what single views need when they ask. */
export const openReport = async (run: ReportRun, onProgress: (photos: number) => void): Promise<Report> => {
  const photos: PhotoEntry[] = [];
  const loads: Promise<PhotosFile>[] = [];
  const begin = (file: number) => {
    if (file < run.photoFiles) loads[file] = load(run.data, `photos-${file}`) as Promise<PhotosFile>;
  };
  for (let file = 0; file < LOADED_AHEAD; file++) begin(file);
  for (let file = 0; file < run.photoFiles; file++) {
    for (const photo of await loads[file]) photos.push(photo);
    begin(file + LOADED_AHEAD);
    onProgress(photos.length);
  }
  // The file used longest ago comes first.
  const held = new Map<number, Promise<MapsFile>>();
  const mapsFile = (file: number): Promise<MapsFile> => {
    const content = held.get(file) ?? (load(run.data, `maps-${file}`) as Promise<MapsFile>);
    held.delete(file);
    held.set(file, content);
    // What failed is asked for again.
    content.catch(() => held.delete(file));
    const oldest = held.keys().next().value;
    if (held.size > MAP_FILES_HELD && oldest !== undefined) held.delete(oldest);
    return content;
  };
  let means: Promise<MeansFile> | undefined;
  return {
    run,
    photos,
    hasScores: run.head.scoring !== 'none',
    unit: commonUnit(photos),
    cellsOf: async (photo) => {
      const file = lastUpTo(run.mapFiles, photo);
      return (await mapsFile(file))[photo - run.mapFiles[file]].map(decodeCells);
    },
    classResults: () => loadClasses(run),
    means: () => {
      const content = means ?? (load(run.data, 'means') as Promise<MeansFile>);
      means = content;
      content.catch(() => {
        means = undefined;
      });
      return content;
    },
  };
};
