import type { RunSettings } from '../../results/settings.js';
import type { Appender, Store } from '../../stores/store.js';

/** A photo's members of a tar, one after the other. */
export interface PackedPhoto {
  readonly key: string;
  readonly members: Uint8Array;
}

/** Where photos' lines go, and their pictures where these are packed. */
export interface Recording {
  /**
   * Adds a line to the manifest, after the photo's pictures: killed at any moment, what the manifest names is there.
   * @param packed where the photo has pictures to be packed.
   * @returns the line as the manifest has it, or will have it.
   * @throws UsageError `output-unwritable`.
   */
  readonly append: (text: string, packed?: PackedPhoto) => Promise<string>;
  /** Resolves when little waits to be written. */
  readonly room: () => Promise<void>;
  /** Ends what is open. @throws as `append`. */
  readonly close: () => Promise<void>;
}

/** What tars are written with. */
export interface PackPlan {
  readonly store: Store;
  readonly manifest: Appender;
  readonly settings: RunSettings;
  /** The tars' mark, which says whose they are. */
  readonly mark: Uint8Array;
  /** Gives numbers of tars that are free. */
  readonly next: () => number;
  /** A tar is ended when it has so many photos, or so many bytes. Undefined: as many as fit the store. */
  readonly limits?: { readonly photos: number; readonly bytes: number } | undefined;
}

/** Of photos whose pictures are files of their own. */
export const plainRecording = (manifest: Appender): Recording => ({
  append: async (text) => {
    await manifest.append(text);
    return text;
  },
  room: async () => {},
  close: () => manifest.close(),
});

/** Work one after the other. The first failure is thrown by whoever waits, and ends it. */
export const inTurn = () => {
  let [last, failed]: [Promise<void>, { readonly error: unknown } | undefined] = [Promise.resolve(), undefined];
  const check = () => {
    if (failed !== undefined) throw failed.error;
  };
  return {
    /** Begins work after what was begun before. */
    begin: (work: () => Promise<void>): void => {
      last = last
        .then(() => (failed === undefined ? work() : undefined))
        .catch((error: unknown) => {
          failed ??= { error };
        });
    },
    check,
    /** Waits for all that was begun. */
    done: async (): Promise<void> => {
      await last;
      check();
    },
  };
};
