import type { Box, Size } from '../maps/box.js';
import type { Reach } from './reach.js';

/** A mask as its picture has it: in stored pixels, but of another scale than the photo's. */
export interface ScaledMask {
  readonly size: Size;
  readonly mask: Uint8Array;
}

/** One object that somebody marked in a photo, or a class that somebody said it shows. */
export interface TruthObject {
  /** Its class, as the truth calls it. */
  readonly name: string;
  /** Index of that class in the network. Undefined: the network has no such class. */
  readonly class: number | undefined;
  /**
   * In upright pixels of the photo, real numbers: edges, so that the box of one pixel is 1 wide. It may reach beyond the photo.
   * Undefined: the truth says no place.
   */
  readonly box?: Box | undefined;
  /**
   * [height, width] of the upright photo, 1 inside and 0 outside. Undefined: the truth has no mask. It is read when it is first
   * asked for, and so is a box that only the mask tells.
   * @throws UsageError `bad-truth` where it is damaged.
   */
  readonly mask?: Uint8Array | undefined;
  /** The mask before it was brought to the photo's size. Undefined: it had that. */
  readonly scaled?: ScaledMask | undefined;
  /** Whether the truth marks it as hard to see. Only VOC's does. */
  readonly difficult: boolean;
}

/** All that a truth says of one photo. */
export interface PhotoTruth {
  readonly objects: readonly TruthObject[];
  /** Pixels that count neither as object nor as background, [height, width], 1 where ignored. Undefined: none. Read like masks. */
  readonly ignored?: Uint8Array | undefined;
  /** Its masks before they were brought to the photo's size. Undefined: any of them had that. */
  readonly ignoredScaled?: readonly ScaledMask[] | undefined;
  /** What stands out of its boxes, and of the masks that were read so far. */
  readonly reach?: (() => Reach) | undefined;
}

/** A photo as its results state it. */
export interface KnownPhoto extends Size {
  /** Its name in the results. */
  readonly photo: string;
  /** As in EXIF, 1 to 8. Some truths lie in stored pixels, others in upright ones. */
  readonly orientation?: number | undefined;
}

/** What people know of photos. */
export interface Truth {
  /**
   * What the truth says of a photo. Undefined: it has no entry for it.
   * @throws UsageError `ambiguous-photo`, `bad-truth`: an entry that is damaged, or of a photo of another size.
   */
  readonly of: (photo: KnownPhoto) => Promise<PhotoTruth | undefined>;
  /** Names of classes that the network lacks, with the number of objects so far that have them. */
  readonly unknownClasses: () => ReadonlyMap<string, number>;
}
