import type { ShownMap } from '../cam/result.js';
import { type ScaledMap, scaled } from '../cam/scale.js';
import { atMostOneCellAPixel, planUpsampling, type Upsampling } from '../cam/upsample.js';
import type { Photo, Rgb } from '../photo/decode.js';
import type { Box } from '../photo/geometry.js';
import { above, beside } from './canvas.js';
import { caption, fontSizeFor } from './caption.js';
import { encode } from './encode.js';
import { formatLike, type PictureFormatName, pictureFormats, transparentFormat } from './formats.js';
import { heatmap } from './heatmap.js';
import { type Look, type PictureKind, pictureKinds } from './look.js';
import { npy } from './npy.js';
import { overlay } from './overlay.js';

/** A file that shows something of a photo. */
export interface Picture {
  /** The heatmap over the photo, one strip of all, the heatmap alone, the class map as numbers, what the network saw. */
  readonly kind: PictureKind | 'strip';
  /** Undefined where it shows several classes or none. */
  readonly class: number | undefined;
  readonly label: string | undefined;
  /** Ending of the file that it belongs in, with its dot. */
  readonly ending: string;
  readonly bytes: Uint8Array;
}

/** A photo with what is to be drawn of it; its pixels are used up. */
export interface Subject {
  readonly photo: Photo;
  /** The network's whole input, and the part of it that is photo, in photo pixels. */
  readonly field: Box;
  readonly seen: Box;
  readonly maps: readonly ShownMap[];
  /** The network's input as a picture. */
  readonly input: Rgb;
}

const cellsOf = ({ grid: [rows, columns], map }: ShownMap) => ({ rows, columns, data: Float32Array.from(map) });

const heatOf = (
  { scale, interpolation }: Look,
  { field, seen }: Subject,
  map: ShownMap,
): readonly [ScaledMap, Upsampling] => {
  const cells = atMostOneCellAPixel(cellsOf(map), field);
  return [scaled(cells, map.range, scale), planUpsampling(cells, field, seen, interpolation)];
};

const formatOf = ({ format }: Look, { photo }: Subject): PictureFormatName => format ?? formatLike(photo.format);

/** One overlay with its caption. @param canvas the photo's pixels, which are drawn on. */
const panel = async (look: Look, subject: Subject, map: ShownMap, canvas: Rgb): Promise<Rgb> => {
  overlay(canvas, ...heatOf(look, subject, map), look.brush);
  return look.caption ? above(canvas, await caption(map, look.bar, canvas)) : canvas;
};

const copyOf = ({ width, height, data }: Rgb): Rgb => ({ width, height, data: Uint8Array.from(data) });

const drawHeatmaps = async (look: Look, subject: Subject): Promise<readonly Picture[]> => {
  const format = transparentFormat(formatOf(look, subject));
  const pictures: Picture[] = [];
  for (const map of subject.maps) {
    const bytes = await encode(heatmap(subject.photo, ...heatOf(look, subject, map), look.palette), format);
    const { class: index, label } = map;
    pictures.push({ kind: 'heatmap', class: index, label, ending: pictureFormats[format].ending, bytes });
  }
  return pictures;
};

const drawStrip = async (look: Look, subject: Subject): Promise<readonly Picture[]> => {
  const { photo, maps } = subject;
  const panels = [photo as Rgb];
  for (const map of maps) panels.push(await panel(look, subject, map, copyOf(photo)));
  const format = formatOf(look, subject);
  const bytes = await encode(beside(panels, fontSizeFor(photo)), format);
  return [{ kind: 'strip', class: undefined, label: undefined, ending: pictureFormats[format].ending, bytes }];
};

const drawOverlays = async (look: Look, subject: Subject): Promise<readonly Picture[]> => {
  const { photo, maps } = subject;
  const format = formatOf(look, subject);
  const pictures: Picture[] = [];
  for (const [i, map] of maps.entries()) {
    // The last one may have the photo's own pixels: a copy of a large photo takes as long as drawing on it.
    const picture = await panel(look, subject, map, i === maps.length - 1 ? photo : copyOf(photo));
    const bytes = await encode(picture, format);
    const { class: index, label } = map;
    pictures.push({ kind: 'overlay', class: index, label, ending: pictureFormats[format].ending, bytes });
  }
  return pictures;
};

const draws: Readonly<Record<PictureKind, (look: Look, subject: Subject) => Promise<readonly Picture[]>>> = {
  overlay: (look, subject) => (look.layout === 'strip' ? drawStrip : drawOverlays)(look, subject),
  heatmap: drawHeatmaps,
  map: async (_, { maps }) =>
    maps.map((map) => ({ kind: 'map', class: map.class, label: map.label, ending: '.npy', bytes: npy(cellsOf(map)) })),
  input: async (_, { input }) => {
    const bytes = await encode(input, 'png');
    return [{ kind: 'input', class: undefined, label: undefined, ending: pictureFormats.png.ending, bytes }];
  },
};

/** @param kinds what to draw of the photo. */
export const drawPictures = async (
  look: Look,
  subject: Subject,
  kinds: readonly PictureKind[],
): Promise<readonly Picture[]> => {
  const pictures: (readonly Picture[])[] = [];
  // Overlays last: they use the photo's pixels up.
  for (const kind of pictureKinds.toReversed()) {
    if (kinds.includes(kind)) pictures.unshift(await draws[kind](look, subject));
  }
  return pictures.flat();
};
