import { wholeLines } from '../results/manifest.js';
import { scan } from '../results/scan.js';
import { type NameSet, nameSet } from '../stores/name-set.js';
import { isAddressPicture, isPictureOf } from '../stores/picture-names.js';
import type { Store } from '../stores/store.js';

/** The run's own pictures, of earlier runs and of this one. They may be listed where photos lie in the output folder. */
export interface OwnPictures {
  /** Reads the names of the manifest's pictures, if that is not done yet. */
  readonly load: () => Promise<void>;
  /** Adds the pictures of a line that the run has just written. */
  readonly note: (line: string) => void;
  /** Whether a file is one of them. @param name its path below the output folder, with slashes. */
  readonly has: (name: string, present: PresentRun) => Promise<boolean>;
}

/** The run under way. A picture is there before its line is. */
interface PresentRun {
  /** Names of the photos that it has begun. */
  readonly begun: NameSet;
  /** Resolves when none of them is under way. */
  readonly settled: () => Promise<unknown>;
}

// The end of a picture's name that was shortened, as `pictureName` does it.
const shortened = /~[0-9a-f]{32}\.[^/]*$/;

/** Whether a file may be a picture of one of the photos: their names, and a dot, are how pictures' names begin. */
const mayShow = (name: string, photos: NameSet): boolean => {
  const base = name.lastIndexOf('/') + 1;
  for (let dot = name.indexOf('.', base); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    if (photos.has(name.slice(0, dot))) return true;
  }
  return shortened.test(name) || isAddressPicture(name);
};

/** Reads nothing, and holds nothing, before it is asked. @param signal ends the reading. */
export const ownPictures = (store: Store, signal: AbortSignal): OwnPictures => {
  const names = nameSet();
  let loading: Promise<void> | undefined;
  const addLine = (line: string) => {
    const { photo, files } = scan(line) ?? { photo: '', files: [] };
    for (const file of files) if (isPictureOf(photo, file)) names.add(file);
  };
  const loadAll = async () => {
    for await (const line of wholeLines(store, signal)) addLine(line);
  };
  const load = () => {
    loading ??= loadAll();
    return loading;
  };
  return {
    load,
    note: (line) => {
      if (loading !== undefined) addLine(line);
    },
    has: async (name, { begun, settled }) => {
      await load();
      if (names.has(name)) return true;
      if (!mayShow(name, begun)) return false;
      await settled();
      return names.has(name);
    },
  };
};
