import { formatLike } from './formats.js';
import { kinds } from './kinds/index.js';
import type { Picture, Subject } from './kinds/kind.js';
import { type PictureKind, type PictureStyle, pictureKinds } from './style.js';

export type { Picture, Subject } from './kinds/kind.js';

/** @param wanted what to draw of the photo. */
export const drawPictures = async (
  look: PictureStyle,
  subject: Subject,
  wanted: readonly PictureKind[],
): Promise<readonly Picture[]> => {
  const format = look.format ?? formatLike(subject.photo.format);
  const pictures: (readonly Picture[])[] = [];
  // Overlays come last: they overwrite the photo's pixels.
  for (const kind of pictureKinds.toReversed()) {
    if (wanted.includes(kind) && (subject.placed || !kinds[kind].needsPlaces))
      pictures.unshift(await kinds[kind].draw(look, subject, format));
  }
  return pictures.flat();
};
