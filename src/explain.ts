import { pooledVector } from './cam/class-map.js';
import { summarize } from './cam/completeness.js';
import { type MapResult, mapOf, type Prediction, predictionsOf } from './cam/result.js';
import { scales } from './cam/scale.js';
import { largestIndices } from './cam/scores.js';
import { atMostOneCellAPixel, planUpsampling } from './cam/upsample.js';
import { placeIn } from './model/input/input.js';
import { findClass } from './model/labels/labels.js';
import { forward } from './model/network.js';
import type { Model } from './model/prepare.js';
import { type ExplainOptions, normalizeOptions, type PictureKind } from './options.js';
import { decode, type Photo } from './photo/decode.js';
import { type Box, fieldOf, seenRegion } from './photo/geometry.js';
import { networkPicture, toFeed } from './photo/tensor.js';
import { type Colormap, colormaps } from './render/colormaps/index.js';
import { encode } from './render/encode.js';
import { formatLike, type PictureFormatName, pictureFormats } from './render/formats.js';
import { overlay } from './render/overlay.js';

export interface Picture {
  /** What it shows: the heatmap over the photo, or what the network saw. */
  readonly kind: PictureKind;
  /** Of an overlay. */
  readonly class: number | undefined;
  readonly label: string | undefined;
  /** Ending of the file that it belongs in, with its dot. */
  readonly ending: string;
  readonly bytes: Uint8Array;
}

export interface Explanation {
  /** Of the photo after EXIF rotation, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Part of the photo that the network saw: x, y, width, height in its pixels. */
  readonly seen: readonly [number, number, number, number];
  /** The best classes, best first. */
  readonly predictions: readonly Prediction[];
  readonly maps: readonly MapResult[];
  readonly pictures: readonly Picture[];
}

/** A set of photos' common work: a model, options that fit it, and tables made of them. */
export interface Explainer {
  readonly model: Model;
  readonly options: ExplainOptions;
  /** Indices of the classes asked for; empty: each photo's best. */
  readonly classes: readonly number[];
  readonly colormap: Colormap;
}

/** @throws UsageError where an option is out of range or a class is unknown. */
export const prepareExplainer = (model: Model, given: Partial<ExplainOptions> = {}): Explainer => {
  const options = normalizeOptions(given);
  const classes = options.classes.map((wanted) => findClass(model.labels, wanted));
  return { model, options, classes: [...new Set(classes)], colormap: colormaps[options.colormap]() };
};

const drawOverlay = (
  { options, colormap }: Explainer,
  photo: Photo,
  { field, seen }: Region,
  result: MapResult,
  format: PictureFormatName,
): Promise<Uint8Array> => {
  const [rows, columns] = result.grid;
  const map = atMostOneCellAPixel({ rows, columns, data: Float32Array.from(result.map) }, field);
  const scaled = scales.map(map, summarize(map), result.verdict);
  const at = planUpsampling(map.rows, map.columns, field, seen);
  return encode(overlay(photo, scaled, at, colormap, options.opacity), format);
};

/** The network's whole input, and the part of it that is photo, in photo pixels. */
interface Region {
  readonly field: Box;
  readonly seen: Box;
}

/**
 * Where the network saw its classes in one photo. Touches no file.
 * @param bytes of an image file.
 * @throws PhotoError where the photo cannot be decoded, or a map is not what it must be.
 */
export const explainPhoto = async (explainer: Explainer, bytes: Uint8Array): Promise<Explanation> => {
  const { model, options } = explainer;
  const { input } = model;
  const photo = await decode(bytes);
  const placement = placeIn(photo, input);
  const picture = networkPicture(photo, placement, input);
  const { features, logits } = await forward(model, toFeed(picture, input));
  const predictionOf = predictionsOf(model, logits);
  const best = largestIndices(logits, options.top);
  const weightsOf = model.weightsAt(() => pooledVector(features), logits);
  const maps = (explainer.classes.length > 0 ? explainer.classes : best).map((index) =>
    mapOf(model, features, weightsOf(index), predictionOf(index)),
  );
  const seen = seenRegion(placement);
  const region = { field: fieldOf(placement), seen };
  const format = options.format ?? formatLike(photo.format);
  const pictures: Picture[] = [];
  for (const result of options.write.includes('overlay') ? maps : []) {
    const bytes = await drawOverlay(explainer, photo, region, result, format);
    const { class: index, label } = result;
    pictures.push({ kind: 'overlay', class: index, label, ending: pictureFormats[format].ending, bytes });
  }
  if (options.write.includes('input')) {
    const bytes = await encode(picture, 'png');
    pictures.push({ kind: 'input', class: undefined, label: undefined, ending: pictureFormats.png.ending, bytes });
  }
  return {
    width: photo.width,
    height: photo.height,
    seen: [seen.x, seen.y, seen.width, seen.height],
    predictions: best.map(predictionOf),
    maps,
    pictures,
  };
};
