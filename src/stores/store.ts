/**
 * Where the results of a run are kept: pictures, manifest and run.json. Names are paths below it, with slashes. Only regular
 * files are read, replaced and removed, and only in the place itself, whatever links lie there.
 */
export interface Store {
  /** The argument with which another process opens it by `openStore`. For a folder, its absolute path. */
  readonly place: string;
  /**
   * Makes the place, removes half-written files of an interrupted run, and keeps other runs out until `release`.
   * @returns a signal that is aborted, with a UsageError `output-in-use`, when another run has taken the place over.
   * @throws UsageError `output-in-use`, `output-unwritable`.
   */
  readonly lock: () => Promise<AbortSignal>;
  /** Ends the lock, unless another run holds it by now. */
  readonly release: () => Promise<void>;
  /**
   * Writes a new file whole or not at all. Leaves one of the same name and content as it is. Some process of the run must hold
   * the lock.
   * @throws UsageError `name-taken` where there is anything else of that name; `output-unwritable`. `isOfItsName` tells
   * whether another name could be written.
   */
  readonly create: (name: string, content: Uint8Array | string) => Promise<void>;
  /**
   * As `create`, but replaces a file of the same name. The caller knows that it is a run's own.
   * @throws UsageError `name-taken` where there is anything but a regular file; `output-unwritable`.
   */
  readonly put: (name: string, content: Uint8Array | string) => Promise<void>;
  /** As `put`, for a file of many lines. Holds few of them in memory. Lines come without their line feeds. */
  readonly putLines: (name: string, lines: AsyncIterable<string>) => Promise<void>;
  /** As `putLines`, for a file of any content: text or bytes, one piece after the other. */
  readonly putPieces: (name: string, pieces: AsyncIterable<string | Uint8Array>) => Promise<void>;
  /**
   * Opens a file to add lines at its end. Creates it where there is none. Its name ends in .jsonl, and has no slash: a store may
   * keep such a file in parts, and gives them back as one.
   * @throws as `put`.
   */
  readonly append: (name: string) => Promise<Appender>;
  /**
   * Reads a file in pieces, from a byte on. Reading a piece may overwrite the one before.
   * @throws Error of the system; `ENOENT` where there is nothing of that name, `EINVAL` where that is no regular file.
   */
  readonly read: (name: string, start?: number) => AsyncIterable<Uint8Array>;
  /** A file's last `count` bytes, or all where it has fewer. @throws as `read`. */
  readonly readEnd: (name: string, count: number) => Promise<Uint8Array>;
  /** Whether there is anything of this name: a file, a folder, a link. */
  readonly has: (name: string) => Promise<boolean>;
  /** Size of a regular file in bytes. Undefined where there is none of this name. */
  readonly sizeOf: (name: string) => Promise<number | undefined>;
  /** Whether there is a folder of this name. A link is none. */
  readonly isFolder: (name: string) => Promise<boolean>;
  /** Names of the files and folders directly in a folder, in any order. None where there is no such folder. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** Removes a regular file or an empty folder. Leaves anything else of that name. */
  readonly remove: (name: string) => Promise<void>;
  /**
   * Copies a file of another store, under the same name or another. Links it where that is possible.
   * @throws UsageError as `create`; Error as `read` of the source.
   */
  readonly copyFrom: (source: Store, name: string, as?: string) => Promise<void>;
  /**
   * Makes a link to a file elsewhere on this machine, whether or not that exists. Leaves one that leads there as it is.
   * @param path absolute.
   * @throws UsageError `name-taken` where there is anything else of that name; `output-unwritable`; `no-links` where the store
   * cannot have any.
   */
  readonly link: (name: string, path: string) => Promise<void>;
  /**
   * Opens one of the run's own files to add bytes after its first `size` bytes; what follows these is cut off. Undefined where
   * the store's files cannot grow. Resolves to undefined, and leaves the file, where it has another name too.
   * @throws as `create`.
   */
  readonly extend?: (name: string, size: number) => Promise<Extender | undefined>;
  /** Path of a file on this machine. Undefined: the store keeps its files elsewhere. */
  readonly pathOf: (name: string) => string | undefined;
}

/** Makes the store at a place. Reads and writes nothing. */
export type StoreKind = (place: string) => Store;

/** A file to which lines are added. */
export interface Appender {
  /**
   * Adds one line, given without its line feed, whole or not at all. Lines keep the order of the calls. A store may gather lines
   * for half a minute before it keeps them; what then goes wrong is thrown by a later call.
   * @throws UsageError `output-unwritable`.
   */
  readonly append: (line: string) => Promise<void>;
  /** Keeps what is gathered. @throws as `append`. */
  readonly close: () => Promise<void>;
}

/** A file to which bytes are added. */
export interface Extender {
  /** Adds bytes, whole or not at all. Synchronous, so that they keep their order. @throws UsageError `output-unwritable`. */
  readonly write: (bytes: Uint8Array) => void;
  readonly close: () => void;
}

/** All bytes of a file. @throws as `read`. */
export const bytesOf = async (store: Store, name: string): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of store.read(name)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};

/** The first bytes of a regular file as text, one character each; all where it has fewer. @throws as `read`. */
export const startOf = async (store: Store, name: string, count: number): Promise<string> => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of store.read(name)) {
    pieces.push(Buffer.from(piece.subarray(0, count - length)));
    length += piece.length;
    if (length >= count) break;
  }
  return Buffer.concat(pieces).toString('latin1');
};
