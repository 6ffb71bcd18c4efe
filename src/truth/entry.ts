import type { Box, Size } from '../maps/box.js';

/**
 * What a truth says of a photo before the photo was looked at: plain data, so that the process that explains the photo can be
 * sent it. Masks are named by where they lie, and read when they are needed.
 */

/**
 * Where a mask is read from: the JSON text of COCO's `segmentation` in a file, a
 * picture, whose size may be another with the same shape where `scaled`, or a box to be filled.
 */
export type MaskSource =
  | { readonly kind: 'coco'; readonly file: string; readonly start: number; readonly length: number }
  | { readonly kind: 'picture'; readonly file: string; readonly scaled?: boolean | undefined }
  | { readonly kind: 'box'; readonly box: Box };

/** One object, as the format states it. */
export interface EntryObject {
  /** Its class, as the truth calls it. */
  readonly name: string;
  /** In the entry's pixels, edges. Undefined: no place is stated, or that of the mask. */
  readonly box?: Box | undefined;
  readonly mask?: MaskSource | undefined;
  readonly difficult?: boolean | undefined;
  /** The class, where the format itself knows it. Undefined: it is looked for by its name. */
  readonly class?: number | undefined;
}

/** What a format says of one photo. */
export interface Entry<T extends EntryObject = EntryObject> {
  /** The file, and what in it, for a message. */
  readonly where: string;
  /** What it calls the photo. Undefined: like the photo. */
  readonly name?: string | undefined;
  /** The photo's size, as the truth states it. Undefined: it does not. */
  readonly size?: Size | undefined;
  readonly objects: readonly T[];
  /** Masks of pixels that count neither as object nor as background. */
  readonly ignored?: readonly MaskSource[] | undefined;
}

/** An object whose class was looked for in the network. */
export interface KnownObject extends EntryObject {
  /** Undefined: the network has no such class. */
  readonly class: number | undefined;
}

export type KnownEntry = Entry<KnownObject>;
