import type { Part } from '../../localise/localise.js';
import { maskOf } from '../../localise/mask.js';
import { nameOf } from '../../maps/remarks.js';
import { version } from '../../version.js';
import type { ConvertOptions, Finding, Format, FoundPhoto, FoundRun } from '../format.js';
import { storedBox, storedMask, storedSize } from '../orientation.js';
import { runLengths } from '../rle.js';

/** The ids of photos: their places, from 1, among all names in order. The same photos have the same ids in each run of them. */
const idsOf = async (photos: FoundRun['photos']): Promise<ReadonlyMap<string, number>> => {
  const names: string[] = [];
  for await (const { line } of photos()) names.push(line.photo);
  return new Map(names.sort().map((name, i) => [name, i + 1]));
};

const segmentationOf = ({ line, orientation }: FoundPhoto, { plane }: Finding, { runs }: Part) => {
  const { width, height } = storedSize(line, orientation);
  const mask = storedMask(maskOf({ plane }, runs, line), line, orientation);
  return {
    size: [height, width],
    counts: runLengths(mask, { width, height }),
    area: mask.reduce((n, v) => n + (v > 0 ? 1 : 0), 0),
  };
};

/** What an annotation and a result have in common. */
const recordOf = (photo: FoundPhoto, finding: Finding, part: Part, { masks }: ConvertOptions) => {
  const { x, y, width, height } = storedBox(part.box, photo.line, photo.orientation);
  const { area = width * height, ...segmentation } = masks ? segmentationOf(photo, finding, part) : {};
  return { bbox: [x, y, width, height], area, ...(masks && { segmentation }), score: finding.map.score };
};

/** Lists in a JSON text, an item a line. */
async function* listed(items: AsyncIterable<object>): AsyncGenerator<string> {
  let separator = '\n';
  for await (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',\n';
  }
}

/** Boxes are in the pixels as they are stored: COCO's readers know no orientation. */
export const coco: Format = {
  readers: 'pycocotools, CVAT, FiftyOne, Detectron2',
  convert: async function* ({ settings, photos }, options) {
    const ids = await idsOf(photos);
    const idOf = ({ line }: FoundPhoto): number => ids.get(line.photo) ?? 0;
    const images = async function* () {
      for await (const photo of photos()) {
        const { width, height } = storedSize(photo.line, photo.orientation);
        yield { id: idOf(photo), file_name: photo.line.photo, width, height };
      }
    };
    const records = async function* (withEvidence: boolean) {
      let id = 0;
      for await (const photo of photos()) {
        for (const finding of photo.findings) {
          for (const part of finding.parts) {
            id++;
            const { area, ...record } = recordOf(photo, finding, part, options);
            const ofBoth = { image_id: idOf(photo), category_id: finding.map.class + 1, ...record };
            const { evidence, share } = part;
            yield withEvidence ? { id, ...ofBoth, area, iscrowd: 0, evidence, share } : ofBoth;
          }
        }
      }
    };
    const categories = settings.classes.map((label, index) => ({
      id: index + 1,
      name: nameOf({ class: index, label }),
      supercategory: '',
    }));
    const description = `Boxes around the evidence of ${settings.model.name}. The id of a category is the index of its class + 1; that of an image its place among all names in order.`;
    const dataset = async function* () {
      yield `{"info":${JSON.stringify({ description, version: `gapcam ${version}` })},"licenses":[],"images":[`;
      yield* listed(images());
      yield '],"annotations":[';
      yield* listed(records(true));
      yield `],"categories":${JSON.stringify(categories)}}\n`;
    };
    const results = async function* () {
      yield '[';
      yield* listed(records(false));
      yield ']\n';
    };
    yield { name: 'instances.json', content: dataset() };
    yield { name: 'results.json', content: results() };
  },
};
