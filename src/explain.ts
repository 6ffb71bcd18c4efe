import { pooledVector } from './cam/class-map.js';
import { mapOf, type Prediction, predictionsOf, type ShownMap } from './cam/result.js';
import { rangesOf } from './cam/scale.js';
import { largestIndices } from './cam/scores.js';
import { placeIn } from './model/input/input.js';
import { findClass } from './model/labels/labels.js';
import { forward } from './model/network.js';
import type { Model } from './model/prepare.js';
import { type ExplainOptions, normalizeOptions } from './options.js';
import { decode } from './photo/decode.js';
import { fieldOf, seenRegion } from './photo/geometry.js';
import { networkPicture, toFeed } from './photo/tensor.js';
import { type Look, prepareLook } from './render/look.js';
import { drawPictures, type Picture } from './render/pictures.js';

export type { Picture };

export interface Explanation {
  /** Of the photo after EXIF rotation, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Part of the photo that the network saw: x, y, width, height in its pixels. */
  readonly seen: readonly [number, number, number, number];
  /** The best classes, best first. */
  readonly predictions: readonly Prediction[];
  readonly maps: readonly ShownMap[];
  readonly pictures: readonly Picture[];
}

/** A set of photos' common work: a model, options that fit it, and tables made of them. */
export interface Explainer {
  readonly model: Model;
  readonly options: ExplainOptions;
  /** Indices of the classes asked for; empty: each photo's best. */
  readonly classes: readonly number[];
  readonly look: Look;
}

/** @throws UsageError where an option is out of range or a class is unknown. */
export const prepareExplainer = (model: Model, given: Partial<ExplainOptions> = {}): Explainer => {
  const options = normalizeOptions(given);
  const classes = options.classes.map((wanted) => findClass(model.labels, wanted));
  return { model, options, classes: [...new Set(classes)], look: prepareLook(options) };
};

/**
 * Where the network saw its classes in one photo. Touches no file.
 * @param bytes of an image file.
 * @throws PhotoError where the photo cannot be decoded, a map is not what it must be, or a picture is too large for its
 * format. @throws UsageError `no-font` where a caption is wanted and the system has no font.
 */
export const explainPhoto = async (explainer: Explainer, bytes: Uint8Array): Promise<Explanation> => {
  const { model, options } = explainer;
  const photo = await decode(bytes);
  const placement = placeIn(photo, model.input);
  const input = networkPicture(photo, placement, model.input);
  const { features, logits } = await forward(model, toFeed(input, model.input));
  const predictionOf = predictionsOf(model, logits);
  const best = largestIndices(logits, options.top);
  const weightsOf = model.weightsAt(() => pooledVector(features), logits);
  const results = (explainer.classes.length > 0 ? explainer.classes : best).map((index) =>
    mapOf(model, features, weightsOf(index), predictionOf(index)),
  );
  const ranges = rangesOf(options.scale, results);
  const maps = results.map((result, i) => ({ ...result, range: ranges[i] }));
  const seen = seenRegion(placement);
  const subject = { photo, field: fieldOf(placement), seen, maps, input };
  return {
    width: photo.width,
    height: photo.height,
    seen: [seen.x, seen.y, seen.width, seen.height],
    predictions: best.map(predictionOf),
    maps,
    pictures: await drawPictures(explainer.look, subject, options.write),
  };
};
