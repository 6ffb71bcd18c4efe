import type { Format, FoundPhoto } from '../format.js';
import { asLine, asXml, classNames, stems } from '../names.js';
import { frameOf, type Pixels } from '../orientation.js';
import { type WholePixels, wholePixels } from '../whole-pixels.js';

const element = (name: string, content: string | number): string => `<${name}>${content}</${name}>`;

/** Counted from 1, the last pixel included. */
const bndbox = ({ left, top, right, bottom }: WholePixels): string =>
  element(
    'bndbox',
    [element('xmin', left + 1), element('ymin', top + 1), element('xmax', right + 1), element('ymax', bottom + 1)].join(
      '',
    ),
  );

const objectOf = (name: string, pixels: WholePixels): string =>
  `  ${element(
    'object',
    `${element('name', name)}<pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult>${bndbox(pixels)}`,
  )}\n`;

/** @param names of classes, as XML. */
const annotationOf = (
  { line, orientation, findings }: FoundPhoto,
  stem: string,
  names: readonly string[],
  pixels: Pixels,
): string => {
  const { size, boxOf } = frameOf(line, orientation, pixels);
  const folders = stem.split('/').slice(0, -1).join('/');
  const file = line.photo.split('/').at(-1) ?? '';
  const objects = findings.flatMap(({ map, parts }) =>
    parts.map(({ box }) => objectOf(names[map.class], wholePixels(boxOf(box), size))),
  );
  return [
    '<annotation>\n',
    `  ${element('folder', asXml(folders))}\n`,
    `  ${element('filename', asXml(file))}\n`,
    '  <source><database>gapcam</database></source>\n',
    `  ${element('size', `${element('width', size.width)}${element('height', size.height)}<depth>3</depth>`)}\n`,
    '  <segmented>0</segmented>\n',
    ...objects,
    '</annotation>\n',
  ].join('');
};

/** Boxes in whole pixels. A photo without boxes has an annotation without objects. */
export const voc: Format = {
  readers: 'torchvision, TensorFlow, LabelImg, CVAT',
  takes: ['pixels'],
  convert: async function* ({ settings, photos }, { pixels = 'stored' }) {
    const names = classNames(settings.classes).map(asXml);
    const stemOf = stems('.xml');
    const written: string[] = [];
    for await (const photo of photos()) {
      const stem = asLine(stemOf(asLine(photo.line.photo)));
      yield { name: `Annotations/${stem}.xml`, content: annotationOf(photo, stem, names, pixels) };
      written.push(`${stem}\n`);
    }
    yield { name: 'ImageSets/Main/all.txt', content: written.join('') };
  },
};
