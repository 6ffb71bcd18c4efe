import { classMap, type FeatureMap, pooledVector } from './cam/class-map.js';
import { residualOf, summarize, tolerances, type Verdict, verdictOf } from './cam/completeness.js';
import { scales } from './cam/scale.js';
import { largestIndices, scoresOf } from './cam/scores.js';
import { planUpsampling, type Upsampling } from './cam/upsample.js';
import { PhotoError } from './errors.js';
import { featureMapFrom } from './model/head/find.js';
import type { Kind } from './model/head/head.js';
import { findClass } from './model/labels/labels.js';
import { type ClassWeights, logitsOfClasses, type Model } from './model/prepare.js';
import type { Feed } from './model/session.js';
import { type ExplainOptions, normalizeOptions } from './options.js';
import { decode, type Photo } from './photo/decode.js';
import { fieldOf, place, seenRegion } from './photo/geometry.js';
import { networkPicture, toTensor } from './photo/tensor.js';
import { type Colormap, colormaps } from './render/colormaps/index.js';
import { encode, formatLike, type PictureFormatName, pictureFormats } from './render/encode.js';
import { overlay } from './render/overlay.js';

/** A class as the network judges it; `score` in [0, 1]. */
export interface Prediction {
  readonly class: number;
  readonly label: string;
  readonly logit: number;
  readonly score: number;
}

/** A class map with what proves it; all but `score` in logits. */
export interface MapResult extends Prediction {
  readonly bias: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly residual: number;
  readonly kind: Kind;
  readonly verdict: Verdict;
  /** Rows, columns. */
  readonly grid: readonly [number, number];
  /** Row by row. */
  readonly map: readonly number[];
}

export interface Picture {
  readonly class: number;
  readonly label: string;
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

/** One forward pass: the averaged tensor and the logits of every class. */
const forward = async ({ session, head, grid }: Model, feed: Feed) => {
  const { average } = head;
  const fetched = await session.run(feed, [average.featureMap, head.logits]);
  const [features, logits] = [average.featureMap, head.logits].map((name) => fetched.get(name));
  if (features === undefined || logits === undefined) throw new Error('the network gave less than was asked of it');
  return { features: featureMapFrom(features, average, grid), logits: logitsOfClasses(logits.data) };
};

const predictionsOf = ({ labels, scoring }: Model, logits: readonly number[]): readonly Prediction[] =>
  scoresOf(logits, scoring).map((score, index) => ({
    class: index,
    label: labels[index],
    logit: logits[index],
    score,
  }));

/**
 * A class's map with its proof.
 * @throws PhotoError `incomplete` where mean + bias is not the logit, `non-finite` where the network gave no numbers.
 */
const mapOf = (
  { grid, head, precision }: Model,
  features: FeatureMap,
  { weights, bias }: ClassWeights,
  prediction: Prediction,
): MapResult => {
  const map = classMap(features, weights);
  const summary = summarize(map);
  const residual = residualOf(summary.mean, bias, prediction.logit);
  const verdict = verdictOf(summary);
  const name = `class ${prediction.class} (${prediction.label})`;
  if (verdict === 'non-finite' || !Number.isFinite(residual)) {
    throw new PhotoError('non-finite', `The network gave numbers that are not finite for ${name}.`);
  }
  if (head.kind !== 'first-order' && residual > tolerances[precision]) {
    const sum = summary.mean + bias;
    throw new PhotoError('incomplete', `The map of ${name} amounts to ${sum}, but its logit is ${prediction.logit}.`);
  }
  return {
    ...prediction,
    bias,
    ...summary,
    residual,
    kind: head.kind,
    verdict,
    grid: [grid.rows, grid.columns],
    map: Array.from(map.data),
  };
};

const drawOverlay = (
  { options, colormap }: Explainer,
  photo: Photo,
  at: Upsampling,
  result: MapResult,
  format: PictureFormatName,
): Promise<Uint8Array> => {
  const [rows, columns] = result.grid;
  const scaled = scales.map({ rows, columns, data: Float32Array.from(result.map) }, result, result.verdict);
  return encode(overlay(photo, scaled, at, colormap, options.opacity), format);
};

/**
 * Where the network saw its classes in one photo. Touches no file.
 * @param bytes of an image file.
 * @throws PhotoError where the photo cannot be decoded, or a map is not what it must be.
 */
export const explainPhoto = async (explainer: Explainer, bytes: Uint8Array): Promise<Explanation> => {
  const { model, options } = explainer;
  const { input, grid } = model;
  const photo = await decode(bytes);
  const placement = place(photo, input.resize, input.crop);
  const picture = networkPicture(photo, placement, input.resample);
  const dims = [1, 3, picture.height, picture.width];
  const { features, logits } = await forward(model, {
    name: input.name,
    dims,
    data: toTensor(picture, input.normalization),
  });
  const all = predictionsOf(model, logits);
  const best = largestIndices(logits, options.top);
  const pooled = once(() => pooledVector(features));
  const maps = (explainer.classes.length > 0 ? explainer.classes : best).map((index) =>
    mapOf(model, features, model.weightsOf(index, pooled), all[index]),
  );
  const seen = seenRegion(placement);
  const at = planUpsampling(grid.rows, grid.columns, fieldOf(placement), seen);
  const format = options.format ?? formatLike(photo.format);
  const pictures = await Promise.all(
    maps.map(async (result) => ({
      class: result.class,
      label: result.label,
      ending: pictureFormats[format].ending,
      bytes: await drawOverlay(explainer, photo, at, result, format),
    })),
  );
  return {
    width: photo.width,
    height: photo.height,
    seen: [seen.x, seen.y, seen.width, seen.height],
    predictions: best.map((index) => all[index]),
    maps,
    pictures,
  };
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
