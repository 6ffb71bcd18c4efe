import { largestOf } from '../../extremes.js';
import { isAddress } from '../../results/photo-name.js';
import { version } from '../../version.js';
import type { Format, FoundPhoto } from '../format.js';
import { listed } from '../json.js';
import { asText, asXml, classNames, pathBelow } from '../names.js';

const LOCAL_FILES = '/data/local-files/?d=';

// Label Studio asks the store for these by their keys as they stand.
const isKey = (prefix: string): boolean => /^(s3|gs|azure-blob):\/\//.test(prefix);

const addressOf = (photo: string, prefix: string): string => {
  if (isAddress(photo)) return asText(photo);
  const path = asText(pathBelow(photo));
  return prefix + (isKey(prefix) ? path : path.split('/').map(encodeURIComponent).join('/'));
};

const percent = (value: number, whole: number): number => (value / whole) * 100;

/** Browsers show photos upright, so boxes lie in upright pixels. */
const regionsOf = ({ line, findings }: FoundPhoto, names: readonly string[]) =>
  findings.flatMap(({ map, parts }) =>
    parts.map(({ box }, i) => ({
      id: `${map.class}-${i + 1}`,
      from_name: 'label',
      to_name: 'image',
      type: 'rectanglelabels',
      image_rotation: 0,
      original_width: line.width,
      original_height: line.height,
      score: map.score ?? undefined,
      value: {
        x: percent(box.x, line.width),
        y: percent(box.y, line.height),
        width: percent(box.width, line.width),
        height: percent(box.height, line.height),
        rotation: 0,
        rectanglelabels: [names[map.class]],
      },
    })),
  );

const configOf = (names: readonly string[]): string =>
  [
    '<View>',
    '  <Image name="image" value="$image"/>',
    '  <RectangleLabels name="label" toName="image">',
    ...names.map((name) => `    <Label value="${asXml(name)}"/>`),
    '  </RectangleLabels>',
    '</View>',
    '',
  ].join('\n');

/** A task a photo, with the boxes as predictions. A photo without boxes has a prediction of nothing. */
export const labelStudio: Format = {
  readers: 'Label Studio',
  takes: ['imageUrl'],
  convert: async function* ({ settings, photos }, { imageUrl = LOCAL_FILES }) {
    const names = classNames(settings.classes);
    const config = configOf(names);
    const tasks = async function* () {
      for await (const photo of photos()) {
        const scores = photo.line.maps.flatMap(({ score }) => score ?? []);
        const prediction = {
          model_version: `${settings.model.name}, gapcam ${version}`,
          score: scores.length > 0 ? largestOf(scores) : undefined,
          result: regionsOf(photo, names),
        };
        yield { data: { image: addressOf(photo.line.photo, imageUrl) }, predictions: [prediction] };
      }
    };
    const content = async function* () {
      yield '[';
      yield* listed(tasks());
      yield ']\n';
    };
    yield { name: 'label_config.xml', content: config };
    yield { name: 'tasks.json', content: content() };
  },
};
