import { resolve } from 'node:path';
import { havePlaces } from '../../maps/feature-map.js';
import type { Prediction } from '../../maps/result.js';
import { WHITE } from '../../render/map16.js';
import { isAddress, pathOfPhoto } from '../../results/photo-name.js';
import type { Format, FoundPhoto, FoundRun } from '../format.js';
import { heatFile } from '../heat.js';
import { listed } from '../json.js';
import { asText, classNames, withEnding } from '../names.js';
import { loadFiftyone } from './fiftyone.py.js';

/** The field of a photo's nth map: a sample's field holds one. */
const fieldOf = (rank: number): string => (rank === 0 ? 'cam' : `cam_${rank + 1}`);

/** Whether anything would be seen of the map: the reader leaves out what is 0, and evidence against a class is cut to it. */
const isShown = ({ verdict, max }: FoundPhoto['line']['maps'][number]): boolean => verdict !== 'flat' && max > 0;

const heatPath = (photo: FoundPhoto, rank: number): string =>
  `fields/${fieldOf(rank)}/${withEnding(asText(photo.line.photo), `.${photo.line.maps[rank].class}.png`)}`;

const labelled = (cls: string, label: string, score: number | null) => ({
  _cls: cls,
  label,
  ...(score !== null && { confidence: score }),
});

const detectionsOf = ({ line, findings }: FoundPhoto, labelOf: (prediction: Pick<Prediction, 'class'>) => string) =>
  findings.flatMap(({ map, parts }) =>
    parts.map(({ box: { x, y, width, height }, evidence, share }) => ({
      ...labelled('Detection', labelOf(map), map.score),
      bounding_box: [x / line.width, y / line.height, width / line.width, height / line.height],
      tags: [],
      evidence,
      share,
    })),
  );

const sampleOf = (
  photo: FoundPhoto,
  folder: string,
  placed: boolean,
  labelOf: (prediction: Pick<Prediction, 'class'>) => string,
): object => {
  const { photo: name, maps, predictions, margin } = photo.line;
  const [best] = predictions;
  const heats = maps.flatMap((map, rank) =>
    placed && isShown(map)
      ? [[fieldOf(rank), { _cls: 'Heatmap', label: labelOf(map), map_path: heatPath(photo, rank), range: [0, WHITE] }]]
      : [],
  );
  return {
    filepath: asText(isAddress(name) ? name : resolve(folder, pathOfPhoto(name))),
    tags: [],
    prediction: { ...labelled('Classification', labelOf(best), best.score), logit: best.logit },
    ...Object.fromEntries(heats),
    boxes: { _cls: 'Detections', detections: detectionsOf(photo, labelOf) },
    margin,
    verdict: maps.at(0)?.verdict ?? null,
  };
};

/** A sample a line, so that the script can read them one by one. */
async function* samplesOf({ settings, folder, photos }: FoundRun): AsyncGenerator<string> {
  const names = classNames(settings.classes).map(asText);
  const labelOf = (prediction: Pick<Prediction, 'class'>) => names[prediction.class] ?? `class ${prediction.class}`;
  const placed = havePlaces(settings.head);
  const samples = async function* () {
    for await (const photo of photos()) yield sampleOf(photo, folder, placed, labelOf);
  };
  yield '{"samples":[';
  yield* listed(samples());
  yield '\n]}\n';
}

/**
 * FiftyOne's data set on disk in its older form, without `version`: the newer one is of MongoDB's types. A map is stretched
 * over the whole photo, which the browser turns upright. A pixel of 0 is transparent there whatever the range, so 0 stands for
 * 0 logits and less. A map without evidence has no field, and one that was not asked for a score no confidence.
 */
export const fiftyone: Format = {
  readers: 'FiftyOne',
  convert: async function* (run) {
    yield { name: 'metadata.json', content: '{}\n' };
    yield { name: 'samples.json', content: samplesOf(run) };
    yield { name: 'load_fiftyone.py', content: loadFiftyone };
    if (!havePlaces(run.settings.head)) return;
    for await (const photo of run.photos()) {
      for (const [rank, map] of photo.line.maps.entries()) {
        if (isShown(map)) yield heatFile(heatPath(photo, rank), photo, map, [0, map.max]);
      }
    }
  },
};
