import type { Part } from '../../localise/localise.js';
import { rectanglesOf } from '../../localise/mask.js';
import { version } from '../../version.js';
import { type CocoIds, cocoIds } from '../coco-ids.js';
import type { Finding, Format, FoundPhoto, FoundRun } from '../format.js';
import { listed } from '../json.js';
import { type Frame, frameOf } from '../orientation.js';
import { runLengths } from '../rle.js';

/** A photo with its id. */
interface Image {
  readonly photo: FoundPhoto;
  readonly frame: Frame;
  readonly id: number;
  readonly file_name: string;
}

async function* imagesOf(photos: FoundRun['photos'], { imageOf, pixels }: CocoIds): AsyncGenerator<Image> {
  for await (const photo of photos()) {
    const image = imageOf(photo.line.photo);
    const frame = frameOf(photo.line, photo.orientation, pixels);
    if (image !== undefined) yield { photo, frame, id: image.id, file_name: image.file_name };
  }
}

/** A part's box, its pixels where they are wanted, and how many it has. */
const placeOf = ({ photo: { line }, frame }: Image, { plane }: Finding, { box, runs }: Part, masks: boolean) => {
  const { x, y, width, height } = frame.boxOf(box);
  const bbox = [x, y, width, height];
  if (!masks) return { bbox, area: width * height };
  const rectangles = rectanglesOf({ plane }, runs, line).map(frame.boxOf);
  const area = rectangles.reduce((sum, rectangle) => sum + rectangle.width * rectangle.height, 0);
  const segmentation = { size: [frame.size.height, frame.size.width], counts: runLengths(rectangles, frame.size) };
  return { bbox, area, segmentation };
};

/** A box with its class and its place in the picture. */
interface Found {
  readonly image: Image;
  readonly map: Finding['map'];
  readonly part: Part;
  readonly place: ReturnType<typeof placeOf>;
}

async function* boxesIn(images: AsyncIterable<Image>, masks: boolean): AsyncGenerator<Found> {
  for await (const image of images) {
    for (const finding of image.photo.findings) {
      for (const part of finding.parts) {
        yield { image, map: finding.map, part, place: placeOf(image, finding, part, masks) };
      }
    }
  }
}

async function* annotations(boxes: AsyncIterable<Found>, { categoryOf }: CocoIds) {
  let id = 0;
  for await (const { image, map, part, place } of boxes) {
    id++;
    const ids = { id, image_id: image.id, category_id: categoryOf(map.class) };
    const { evidence, share } = part;
    yield { ...ids, ...place, iscrowd: 0, score: map.score ?? undefined, evidence, share };
  }
}

async function* results(boxes: AsyncIterable<Found>, { categoryOf }: CocoIds) {
  for await (const { image, map, place } of boxes) {
    const { area: _, ...shape } = place;
    // Evaluators sort by the score, so there must be one; with networks that have none, the logit.
    yield { image_id: image.id, category_id: categoryOf(map.class), ...shape, score: map.score ?? map.logit };
  }
}

/** Boxes in pixels from 0, edges between pixels: x, y, width, height. */
export const coco: Format = {
  readers: 'pycocotools, CVAT, FiftyOne, Detectron2',
  takes: ['masks', 'truth', 'mapClasses', 'pixels'],
  convert: async function* (run, options, note) {
    const { settings, photos } = run;
    const ids = await cocoIds(run, options, note);
    const info = {
      description: `Boxes around the evidence of ${settings.model.name}. ${ids.origin}`,
      version: `gapcam ${version}`,
      pixels: ids.pixels,
    };
    const boxes = () => boxesIn(imagesOf(photos, ids), options.masks);
    const images = async function* () {
      for await (const { id, file_name, frame } of imagesOf(photos, ids)) yield { id, file_name, ...frame.size };
    };
    const dataset = async function* () {
      yield `{"info":${JSON.stringify(info)},"licenses":[],"images":[`;
      yield* listed(images());
      yield '],"annotations":[';
      yield* listed(annotations(boxes(), ids));
      yield `],"categories":${JSON.stringify(ids.categories)}}\n`;
    };
    const found = async function* () {
      yield '[';
      yield* listed(results(boxes(), ids));
      yield ']\n';
    };
    yield { name: 'instances.json', content: dataset() };
    yield { name: 'results.json', content: found() };
  },
};
