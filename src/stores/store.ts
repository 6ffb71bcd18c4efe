/** Where the results of a run are put. Names are paths below it, with slashes; pictures and the manifest alike. */
export interface Store {
  /** The place as a process opens it again with `openStore`: of a folder its absolute path. */
  readonly place: string;
  /**
   * Makes the place, takes away what an interrupted run left half written, and keeps other runs out until `release`.
   * @throws UsageError `output-in-use`, `output-unwritable`.
   */
  readonly lock: () => Promise<void>;
  /** Lets other runs in again, unless one is there by now. */
  readonly release: () => Promise<void>;
  /**
   * Writes a file whole or not at all, over one of the same name. The store is locked, by any process of the run.
   * @throws UsageError `output-unwritable`; `isOfItsName` says whether another name could be written.
   */
  readonly put: (name: string, content: Uint8Array | string) => Promise<void>;
  /** As `put`, for a file of many lines, of which few are held in memory. Lines are given without their ends. */
  readonly putLines: (name: string, lines: AsyncIterable<string>) => Promise<void>;
  /** Opens a file for more lines at its end; makes it where there is none. @throws UsageError `output-unwritable`. */
  readonly append: (name: string) => Promise<Appender>;
  /** A file's bytes, in pieces that may be gone when the next is read. @throws Error of the system; `ENOENT` where there is none. */
  readonly read: (name: string) => AsyncIterable<Uint8Array>;
  /** A file's last bytes, as many as asked for where it has so many. @throws as `read`. */
  readonly readEnd: (name: string, count: number) => Promise<Uint8Array>;
  /** Whether there is a file or folder of this name. */
  readonly has: (name: string) => Promise<boolean>;
  /** Names of what lies directly in a folder, in any order; none where there is no such folder. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** Takes a file away, or a folder with all below it; nothing where there is none. */
  readonly remove: (name: string) => Promise<void>;
  /**
   * Puts another store's file under the same name, without a second copy where that is possible.
   * @throws UsageError as `put`.
   */
  readonly copyFrom: (source: Store, name: string) => Promise<void>;
  /** Path of a file on this machine; undefined where the store keeps none there. */
  readonly pathOf: (name: string) => string | undefined;
}

/** Makes the store at a place; touches nothing there. */
export type StoreKind = (place: string) => Store;

/** A file that takes lines at its end. */
export interface Appender {
  /**
   * Adds one line, given without its end: whole, or not at all. Lines are kept in the order of the calls.
   * @throws UsageError `output-unwritable`.
   */
  readonly append: (line: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A file's bytes as a whole, for one that is small. @throws as `read`. */
export const bytesOf = async (store: Store, name: string): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of store.read(name)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};
