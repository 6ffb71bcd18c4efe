import { resolve } from 'node:path';
import { havePlaces } from '../../maps/feature-map.js';
import { wholeRange } from '../../render/map16.js';
import type { Finding, Format, FoundPhoto, FoundRun } from '../format.js';
import { heatFile } from '../heat.js';
import { asText, withEnding } from '../names.js';

const heatPath = (photo: string, index: number): string => withEnding(photo, `.${index}.cam.png`);

/** A float that stays one: a whole number without a point makes a column of integers, which the next part of the file breaks. */
const float = (value: number): string =>
  Number.isInteger(value) ? `${value}.0`.replace(/(e.*)\.0$/, '$1') : `${value}`;

const floatOrNull = (value: number | null): string => (value === null ? 'null' : float(value));

const floats = (values: readonly number[]): string => `[${values.map(float).join(',')}]`;

const boxesOf = ({ parts }: Finding): string =>
  `[${parts
    .map(({ box: { x, y, width, height }, evidence, share }) => {
      const values = Object.entries({ x, y, width, height, evidence, share });
      return `{${values.map(([key, value]) => `"${key}":${float(value)}`).join(',')}}`;
    })
    .join(',')}]`;

/** A row a map: all rows have the same columns, of the same types. */
const rowOf = ({ line }: FoundPhoto, finding: Finding, label: string, placed: boolean): string => {
  const { map } = finding;
  const photo = asText(line.photo);
  const fields = {
    file_name: JSON.stringify(withEnding(photo, '')),
    ...(placed && { heatmap_file_name: JSON.stringify(heatPath(photo, map.class)) }),
    class: String(map.class),
    label: JSON.stringify(label),
    logit: float(map.logit),
    score: floatOrNull(map.score),
    margin: floatOrNull(line.margin),
    kind: JSON.stringify(map.kind),
    verdict: JSON.stringify(map.verdict),
    range: floats(wholeRange(map)),
    boxes: boxesOf(finding),
  };
  return `{${Object.entries(fields)
    .map(([key, value]) => `"${key}":${value}`)
    .join(',')}}\n`;
};

async function* rowsOf({ settings, photos }: FoundRun): AsyncGenerator<string> {
  const placed = havePlaces(settings.head);
  const labels = settings.classes.map(asText);
  for await (const photo of photos()) {
    for (const finding of photo.findings) yield rowOf(photo, finding, labels[finding.map.class], placed);
  }
}

/** Links to the photos, since the loader wants them beside the metadata, and a second column of pictures. */
export const hf: Format = {
  readers: 'Hugging Face datasets (imagefolder)',
  convert: async function* (run) {
    yield { name: 'metadata.jsonl', content: rowsOf(run) };
    const placed = havePlaces(run.settings.head);
    for await (const photo of run.photos()) {
      const name = asText(photo.line.photo);
      const path = withEnding(name, '');
      yield { name: path, content: { linkTo: resolve(run.folder, path) } };
      if (!placed) continue;
      for (const map of photo.line.maps) yield heatFile(heatPath(name, map.class), photo, map, wholeRange(map));
    }
  },
};
