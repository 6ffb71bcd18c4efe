import type { Photo, Rgb } from '../../image/decode.js';
import type { BoxedMap } from '../../localise/boxes.js';
import type { Localised } from '../../localise/localise.js';
import type { Box } from '../../maps/box.js';
import { cellsOf } from '../../maps/result.js';
import { type ScaledMap, scaled } from '../../maps/scale.js';
import { atMostOneCellAPixel, planUpsampling, type Upsampling } from '../../maps/upsample.js';
import { encode, type Raster } from '../encode.js';
import { type PictureFormatName, pictureFormats } from '../formats.js';
import type { PictureKind, PictureStyle } from '../style.js';

/** A picture of a photo, encoded as a file. */
export interface Picture {
  /**
   * `overlay`: the heatmap over the photo. `strip`: photo and overlays side by side. `heatmap`: the heatmap alone,
   * transparent. `map`: the class map as .npy, float32 [rows, columns] in logits.
   * `map16`: the class map over the whole photo as 16-bit gray PNG. `mask`: the pixels of the boxes' parts as
   * 8-bit PNG. `input`: what the network saw, as PNG. `crop`: the best box's part of the photo.
   */
  readonly kind: PictureKind | 'strip';
  /** Index of the class that it shows. Undefined: it shows several classes or none. */
  readonly class: number | undefined;
  /** Label of the class that it shows. Undefined: it shows several classes or none. */
  readonly label: string | undefined;
  /** Ending of the file's name, with its dot: .jpg, .png, .webp or .npy. */
  readonly ending: string;
  /** The whole file. */
  readonly bytes: Uint8Array;
}

/** A map with the parts of its evidence. Undefined: nothing that is drawn needs them. */
export interface SubjectMap extends BoxedMap {
  readonly found: Localised | undefined;
}

/** A photo with what is to be drawn of it. Overlays overwrite its pixels. */
export interface Subject {
  readonly photo: Photo;
  /** What the maps' cells cover, and the part of it that is photo, in photo pixels. */
  readonly field: Box;
  readonly seen: Box;
  readonly maps: readonly SubjectMap[];
  /** Whether the maps' cells have places in the photo. Where not, nothing is drawn of them. */
  readonly placed: boolean;
  /** The network's input as a picture. */
  readonly input: Rgb;
}

/** A kind of picture. */
export interface Kind {
  /** Whether it shows where cells lie. Left out where they have no places. */
  readonly needsPlaces: boolean;
  readonly draw: (look: PictureStyle, subject: Subject, format: PictureFormatName) => Promise<readonly Picture[]>;
}

/** A map ready to be laid over its photo: scaled, and how its cells become pixels. */
export const heatOf = (
  { scale, interpolation }: PictureStyle,
  { field, seen }: Subject,
  map: SubjectMap,
): readonly [ScaledMap, Upsampling] => {
  const cells = atMostOneCellAPixel(cellsOf(map), field);
  return [scaled(cells, map.range, scale), planUpsampling(cells, field, seen, interpolation)];
};

export const encoded = async (
  kind: Picture['kind'],
  map: SubjectMap | undefined,
  raster: Raster,
  format: PictureFormatName,
): Promise<Picture> => {
  const bytes = await encode(raster, format);
  return { kind, class: map?.class, label: map?.label, ending: pictureFormats[format].ending, bytes };
};
