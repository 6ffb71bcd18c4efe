import { quoted, reasonOf } from '../errors.js';
import type { Box, Size } from '../maps/box.js';
import type { KnownEntry, KnownObject, MaskSource } from './entry.js';
import { badTruth } from './errors.js';
import { type Frame, frameOf } from './frame.js';
import { boundsOf } from './mask-bounds.js';
import { maskFrom } from './masks.js';
import { type PictureMask, pictureMask } from './picture-mask.js';
import { reachOf } from './reach.js';
import type { KnownPhoto, PhotoTruth, ScaledMask, TruthObject } from './truth.js';

const WAY_OUT = 'mend it, or leave it out';

/** @throws UsageError `bad-truth` for a box without pixels, or one of which none lies in the photo. */
const requireBox = ({ x, y, width, height }: Box, name: string, size: Size, where: string): void => {
  if (!(width > 0 && height > 0)) {
    throw badTruth(`The box of ${quoted(name)} in ${where} has no pixels (${width} x ${height})`, WAY_OUT);
  }
  if (x < size.width && y < size.height && x + width > 0 && y + height > 0) return;
  const found = `The box of ${quoted(name)} in ${where} (${[x, y, width, height].join(', ')}) lies outside of its photo of ${size.width} x ${size.height} pixels`;
  throw badTruth(found, WAY_OUT);
};

/** Masks of an entry, which are read when they are first asked for; pictures before that. */
interface Masks {
  readonly read: (source: MaskSource) => () => Uint8Array;
  readonly scaled: (source: MaskSource) => ScaledMask | undefined;
}

/** @param onBeyond called once for each mask that reaches beyond the photo, as it is read. */
const masksOf = async (
  { where, objects, ignored = [] }: KnownEntry,
  frame: Frame,
  photo: KnownPhoto,
  onBeyond: () => void,
): Promise<Masks> => {
  const sources = [...objects.flatMap(({ mask }) => mask ?? []), ...ignored];
  const pictures = new Map<MaskSource, PictureMask>();
  for (const source of sources) {
    if (source.kind === 'picture') pictures.set(source, await pictureMask(source, photo));
  }
  const read: Masks['read'] = (source) => {
    let mask = pictures.get(source)?.mask;
    return () => {
      if (mask !== undefined || source.kind === 'picture') return mask ?? new Uint8Array();
      try {
        mask = frame.maskOf(maskFrom(source, frame.size, onBeyond));
      } catch (error) {
        throw badTruth(`A mask in ${where} ${reasonOf(error)}`, WAY_OUT, error);
      }
      return mask;
    };
  };
  return { read, scaled: (source) => pictures.get(source)?.scaled };
};

const objectOf = (object: KnownObject, frame: Frame, photo: KnownPhoto, { read, scaled }: Masks): TruthObject => {
  const { name, class: index, box, mask, difficult = false } = object;
  const stated = box && frame.boxOf(box);
  const masked = mask && read(mask);
  let found: Box | undefined;
  return {
    name,
    class: index,
    difficult,
    get box() {
      if (stated !== undefined || masked === undefined) return stated;
      found ??= boundsOf(masked(), photo);
      return found;
    },
    get mask() {
      return masked?.();
    },
    scaled: mask && scaled(mask),
  };
};

/** Pixels of these masks that are in none of the objects'. */
const ignoredIn = (objects: readonly TruthObject[], masks: readonly (() => Uint8Array)[], { width, height }: Size) => {
  const ignored = new Uint8Array(width * height);
  for (const read of masks) {
    for (const [at, value] of read().entries()) ignored[at] |= value;
  }
  for (const { mask = [] } of objects) {
    for (const [at, value] of mask.entries()) if (value !== 0) ignored[at] = 0;
  }
  return ignored;
};

/**
 * What an entry says of a photo whose size is known by now. Masks are read when they are first asked for.
 * @throws UsageError `bad-truth`: now, or when a mask is asked for.
 */
export const placed = async (entry: KnownEntry, photo: KnownPhoto): Promise<PhotoTruth> => {
  const { where, size } = entry;
  const frame = frameOf(photo, size);
  if (frame === undefined) {
    const found = `${where} is of ${size?.width} x ${size?.height} pixels, and the photo ${quoted(photo.photo)} of ${photo.width} x ${photo.height}`;
    throw badTruth(found, 'give --truth the data set of these photos');
  }
  for (const { box, name } of entry.objects) if (box !== undefined) requireBox(box, name, frame.size, where);
  let cut = 0;
  const masks = await masksOf(entry, frame, photo, () => {
    cut++;
  });
  const boxes = entry.objects.flatMap(({ box }) => box ?? []);
  const reach = () => reachOf(boxes, frame.size, cut);
  const objects = entry.objects.map((object) => objectOf(object, frame, photo, masks));
  const ignoring = entry.ignored ?? [];
  if (ignoring.length === 0) return { objects, reach };
  const [reads, scaled] = [ignoring.map(masks.read), ignoring.map(masks.scaled)];
  let ignored: Uint8Array | undefined;
  return {
    objects,
    reach,
    get ignored() {
      ignored ??= ignoredIn(objects, reads, photo);
      return ignored;
    },
    ignoredScaled: scaled.every((mask) => mask !== undefined) ? scaled : undefined,
  };
};
