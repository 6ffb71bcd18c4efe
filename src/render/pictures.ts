import type { Photo, Rgb } from '../image/decode.js';
import type { Box } from '../maps/box.js';
import type { ShownMap } from '../maps/result.js';
import { type ScaledMap, scaled } from '../maps/scale.js';
import { atMostOneCellAPixel, planUpsampling, type Upsampling } from '../maps/upsample.js';
import { above, sideBySide } from './canvas.js';
import { caption, fontSizeFor } from './caption.js';
import { encode, type Raster } from './encode.js';
import { formatLike, type PictureFormatName, pictureFormats, transparentFormat } from './formats.js';
import { heatmap } from './heatmap.js';
import { npy } from './npy.js';
import { overlay } from './overlay.js';
import { type PictureKind, type PictureStyle, pictureKinds } from './style.js';

/** A picture of a photo, encoded as a file. */
export interface Picture {
  /**
   * `overlay`: the heatmap over the photo. `strip`: photo and overlays side by side. `heatmap`: the heatmap alone,
   * transparent. `map`: the class map as .npy, float32 [rows, columns] in logits. `input`: what the network saw, as
   * PNG.
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

/** A photo with what is to be drawn of it. `drawPictures` overwrites its pixels. */
export interface Subject {
  readonly photo: Photo;
  /** What the maps' cells cover, and the part of it that is photo, in photo pixels. */
  readonly field: Box;
  readonly seen: Box;
  readonly maps: readonly ShownMap[];
  /** Whether the maps' cells have places in the photo. Where not, nothing is drawn of them. */
  readonly placed: boolean;
  /** The network's input as a picture. */
  readonly input: Rgb;
}

const cellsOf = ({ grid: [rows, columns], map }: ShownMap) => ({ rows, columns, data: Float32Array.from(map) });

const heatOf = (
  { scale, interpolation }: PictureStyle,
  { field, seen }: Subject,
  map: ShownMap,
): readonly [ScaledMap, Upsampling] => {
  const cells = atMostOneCellAPixel(cellsOf(map), field);
  return [scaled(cells, map.range, scale), planUpsampling(cells, field, seen, interpolation)];
};

const copyOf = ({ width, height, data }: Rgb): Rgb => ({ width, height, data: Uint8Array.from(data) });

/** One overlay with its caption. @param canvas the photo's pixels, which are overwritten. */
const panel = async (look: PictureStyle, subject: Subject, map: ShownMap, canvas: Rgb): Promise<Rgb> => {
  overlay(canvas, ...heatOf(look, subject, map), look.blendTable);
  return look.caption ? above(canvas, await caption(map, look.bar, canvas)) : canvas;
};

const encoded = async (
  kind: Picture['kind'],
  map: ShownMap | undefined,
  raster: Raster,
  format: PictureFormatName,
): Promise<Picture> => {
  const bytes = await encode(raster, format);
  return { kind, class: map?.class, label: map?.label, ending: pictureFormats[format].ending, bytes };
};

type Draw = (look: PictureStyle, subject: Subject, format: PictureFormatName) => Promise<readonly Picture[]>;

const drawStrip: Draw = async (look, subject, format) => {
  const { photo, maps } = subject;
  const panels: Rgb[] = [photo];
  for (const map of maps) panels.push(await panel(look, subject, map, copyOf(photo)));
  return [await encoded('strip', undefined, sideBySide(panels, fontSizeFor(photo)), format)];
};

const drawOverlays: Draw = async (look, subject, format) => {
  const { photo, maps } = subject;
  const pictures: Picture[] = [];
  for (const [i, map] of maps.entries()) {
    // The last overlay overwrites the photo's own pixels: a copy takes about as long as the overlay itself.
    const canvas = i === maps.length - 1 ? photo : copyOf(photo);
    pictures.push(await encoded('overlay', map, await panel(look, subject, map, canvas), format));
  }
  return pictures;
};

const drawHeatmaps: Draw = async (look, subject, format) => {
  const pictures: Picture[] = [];
  for (const map of subject.maps) {
    const raster = heatmap(subject.photo, ...heatOf(look, subject, map), look.palette);
    pictures.push(await encoded('heatmap', map, raster, transparentFormat(format)));
  }
  return pictures;
};

const draws: Readonly<Record<PictureKind, Draw>> = {
  overlay: (look, ...rest) => (look.layout === 'strip' ? drawStrip : drawOverlays)(look, ...rest),
  heatmap: drawHeatmaps,
  map: async (_, { maps }) =>
    maps.map((map) => ({ kind: 'map', class: map.class, label: map.label, ending: '.npy', bytes: npy(cellsOf(map)) })),
  input: async (_, { input }) => [await encoded('input', undefined, input, 'png')],
};

const drawn: ReadonlySet<PictureKind> = new Set(['overlay', 'heatmap']);

/** @param kinds what to draw of the photo. */
export const drawPictures = async (
  look: PictureStyle,
  subject: Subject,
  kinds: readonly PictureKind[],
): Promise<readonly Picture[]> => {
  const format = look.format ?? formatLike(subject.photo.format);
  const pictures: (readonly Picture[])[] = [];
  // Overlays come last: they overwrite the photo's pixels.
  for (const kind of pictureKinds.toReversed()) {
    if (kinds.includes(kind) && (subject.placed || !drawn.has(kind)))
      pictures.unshift(await draws[kind](look, subject, format));
  }
  return pictures.flat();
};
