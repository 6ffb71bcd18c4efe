import { type ArrayPool, arrayPool } from './image/array-pool.js';
import { decode } from './image/decode.js';
import { fieldOf, seenRegion } from './image/geometry.js';
import { networkPicture } from './image/network-picture.js';
import { toFeed } from './image/to-tensor.js';
import { foundBox } from './localise/boxes.js';
import { localise } from './localise/localise.js';
import { type BoxRule, ruleOf } from './localise/rule.js';
import { fourNumbers } from './maps/box.js';
import { havePlaces } from './maps/feature-map.js';
import { cellsOf, mapOf, type Prediction, predictionsOf } from './maps/result.js';
import { rangesOf } from './maps/scale.js';
import { bestIndices, marginOf } from './maps/scores.js';
import { type MeasuredMap, measuresOf, refuseUnmeasurable } from './measure/measured.js';
import { subjectOf } from './measure/subject.js';
import { placeIn } from './model/input/fit.js';
import { findClass } from './model/labels/find-class.js';
import { forward } from './model/network.js';
import { type Model, prepareModel as prepareChecked } from './model/prepare.js';
import { type ExplainOptions, normalizeOptions } from './options/explain.js';
import { modelNameOf, normalizePrepareOptions, type PrepareOptions } from './options/model.js';
import { wholeRange } from './render/map16.js';
import { drawPictures, type Picture } from './render/pictures.js';
import { kindsOfParts, type PictureKind, type PictureStyle, prepareStyle } from './render/style.js';

export type { Picture };

/** The results for one photo. */
export interface Explanation {
  /** The photo's width after EXIF rotation, in pixels. */
  readonly width: number;
  /** The photo's height after EXIF rotation, in pixels. */
  readonly height: number;
  /** How the file stores the photo's pixels, 1 to 8 as in EXIF; 1: upright. Undefined in results of earlier versions. */
  readonly orientation?: number | undefined;
  /** Part of the photo that the maps' cells saw: x, y, width, height in photo pixels, real numbers. */
  readonly seen: readonly [number, number, number, number];
  /**
   * Area that the maps' cells cover, in the same unit. All cells are equal. It exceeds the photo where that was padded.
   */
  readonly field: readonly [number, number, number, number];
  /** The `top` best classes, best first. Numbers that are no scores are in the network's order. */
  readonly predictions: readonly Prediction[];
  /** The best score minus the second, [0, 1]. Null where there are no scores. */
  readonly margin: number | null;
  /** One for each class of `classes`; where that is empty, one for each prediction. Then those that were asked for beside. */
  readonly maps: readonly MeasuredMap[];
  /** The pictures that `write` names; with `none`, no picture. Overlays and heatmaps are left out where the cells make no grid. */
  readonly pictures: readonly Picture[];
}

/** What all photos share: a model, options, and tables computed from them. `prepareExplainer` makes it. */
export interface Explainer {
  readonly model: Model;
  readonly options: ExplainOptions;
  /** Indices of the classes to explain. Empty: each photo's best. */
  readonly classes: readonly number[];
  readonly look: PictureStyle;
  /** The pictures that are made of each photo. */
  readonly kinds: readonly PictureKind[];
  /** By which the parts of a map's evidence are found. Undefined: nothing that was asked for needs them. */
  readonly rule: BoxRule | undefined;
  /** Arrays for the network's input, used again from photo to photo. */
  readonly arrays: ArrayPool;
}

/**
 * Reads a model, checks that its classes can be explained, and loads it.
 * @param model built-in name, .onnx file, or folder that holds model.onnx.
 * @throws ModelError where it cannot be read, or its classes cannot be explained.
 * @throws UsageError where an option is unknown or out of range.
 */
export const prepareModel = async (model: string, given: PrepareOptions = {}): Promise<Model> => {
  const options = normalizePrepareOptions(given);
  return prepareChecked(modelNameOf(model), options);
};

/** @throws UsageError where an option is unknown or out of range, or the model has no such class. */
export const prepareExplainer = (model: Model, given: Partial<ExplainOptions> = {}): Explainer => {
  const options = normalizeOptions(given);
  const classes = options.classes.map((wanted) => findClass(model, wanted));
  const written = options.write.filter((kind) => kind !== 'none');
  if (options.measure.length > 0) refuseUnmeasurable(model);
  const kinds: readonly PictureKind[] = options.cropBoxes ? [...written, 'crop'] : written;
  const needsParts = options.boxes !== undefined || kinds.some((kind) => kindsOfParts.has(kind));
  return {
    model,
    options,
    classes: [...new Set(classes)],
    look: prepareStyle(options),
    kinds,
    rule: needsParts ? ruleOf(options.boxes) : undefined,
    arrays: arrayPool(),
  };
};

/** The same explainer for photos of which nothing is measured. */
export const withoutMeasures = (explainer: Explainer): Explainer => ({
  ...explainer,
  options: { ...explainer.options, measure: [] },
});

const DAMAGED = 'damaged-photo' as const;

/**
 * Computes where the network saw its classes in one photo. Reads and writes no file.
 * @param bytes of an image file: JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP, PPM, PGM or PBM.
 * @param beside indices of classes that are explained beside those of the explainer, where they are not among them.
 * @returns class maps in logits, [rows, columns] each, and pictures as bytes of files.
 * @throws PhotoError where the photo cannot be decoded (`empty`, `not-a-photo`, `unsupported-format`, `too-large`,
 * `undecodable`), the network's input would be too large (`input-too-large`) or of a size that it does not take
 * (`wrong-size`), a map does not sum to its logit (`incomplete`, `non-finite`), or a picture is too large for its format
 * (`picture-too-large`).
 * @throws ModelError where the network cannot be run on this photo's size.
 * @throws UsageError `unknown-class` where the model has no class of `beside`; `no-font` where a caption is wanted and the system has no font.
 */
export const explainPhoto = async (
  explainer: Explainer,
  bytes: Uint8Array,
  beside: readonly number[] = [],
): Promise<Explanation> => {
  const { model, options, rule } = explainer;
  const { acceptDamaged } = options;
  const photo = await decode(bytes, { alpha: model.input.alpha, acceptDamaged });
  const placement = placeIn(photo, model.input);
  const input = networkPicture(photo, placement, model.input);
  const feed = toFeed(input, model.input, explainer.arrays);
  const [forwarded] = await forward(model, [feed]);
  const { features, pooled, logits } = forwarded;
  const predictionOf = predictionsOf(model, logits);
  const ranked = bestIndices(logits, model.scoring, Math.max(options.top, 2)).map(predictionOf);
  const best = ranked.slice(0, options.top);
  const head = model.headAt(pooled, logits);
  const asked = explainer.classes.length > 0 ? explainer.classes : best.map((prediction) => prediction.class);
  const others = beside.map((index) => findClass(model, `index:${index}`));
  const explained = [...new Set([...asked, ...others])].map((index) =>
    mapOf(model.precision, features, head, predictionOf(index)),
  );
  const results = photo.damaged ? explained.map((map) => ({ ...map, verdict: DAMAGED })) : explained;
  const ranges = rangesOf(options.scale, results);
  const covered = model.covered(placement.canvas, features.grid);
  const subject = subjectOf(model, feed, { full: forwarded, covered, arrays: explainer.arrays });
  const measured = await measuresOf(subject, explained, options, bytes);
  explainer.arrays.give(feed.data);
  const [field, seen] = [fieldOf(placement, covered), seenRegion(placement, covered)];
  const placed = havePlaces(features.grid);
  const maps = results.map((result, i) => {
    const found = placed && rule ? localise(cellsOf(result), { photo, field, seen }, rule) : undefined;
    const boxes = options.boxes === undefined ? undefined : (found?.parts ?? []).map(foundBox);
    const range16 = options.write.includes('map16') ? wholeRange(result) : undefined;
    return { ...result, range: ranges[i], boxes, range16, measures: measured[i], found };
  });
  return {
    width: photo.width,
    height: photo.height,
    orientation: photo.orientation,
    seen: fourNumbers(seen),
    field: fourNumbers(field),
    predictions: best,
    margin: marginOf(ranked),
    maps: maps.map(({ found, ...map }) => map),
    pictures: await drawPictures(explainer.look, { photo, field, seen, maps, placed, input }, explainer.kinds),
  };
};
