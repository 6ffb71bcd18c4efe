import type { Box, Size } from '../../maps/box.js';
import type { Format, FoundPhoto } from '../format.js';
import { asLine, asText, classNames, pathBelow, stems, unfit } from '../names.js';
import { frameOf, type Pixels } from '../orientation.js';

// A hundredth of a pixel in a photo of ten thousand.
const DIGITS = 6;

const share = (value: number, whole: number): string =>
  String(Number(Math.min(1, Math.max(0, value / whole)).toFixed(DIGITS)));

/** @param box in pixels of a picture of this size. */
const rowOf = (index: number, box: Box, size: Size): string =>
  [
    index,
    share(box.x + box.width / 2, size.width),
    share(box.y + box.height / 2, size.height),
    share(box.width, size.width),
    share(box.height, size.height),
  ].join(' ');

const rowsOf = ({ line, orientation, findings }: FoundPhoto, pixels: Pixels): string => {
  const { size, boxOf } = frameOf(line, orientation, pixels);
  return findings
    .flatMap(({ map, parts }) => parts.map(({ box }) => `${rowOf(map.class, boxOf(box), size)}\n`))
    .join('');
};

// Others are passed over: Ultralytics knows photos by their endings. Source: its data/utils.py, IMG_FORMATS, version 8.4.
const endings = new Set(['avif', 'bmp', 'jpeg', 'jpg', 'png', 'tif', 'tiff', 'webp']);

/** The photo's path below `images`, in whose place readers put `labels`. @throws UsageError `unfit-name`. */
const imagePath = (photo: string): string => {
  const path = asLine(asText(pathBelow(photo)));
  if (!endings.has(/[^/]\.([^./]*)$/.exec(path)?.[1].toLowerCase() ?? '')) {
    const known = [...endings].join(', ');
    throw unfit(photo, `has no ending by which Ultralytics knows photos (${known})`, 'rename it and run gapcam again');
  }
  // Readers replace the last folder of this name in the path.
  if (!path.split('/').slice(0, -1).includes('images')) return path;
  const why = 'lies in a folder called images, where Ultralytics looks for labels elsewhere';
  throw unfit(photo, why, 'run gapcam on that folder itself');
};

/** YAML takes what JSON writes between quotes. */
const dataFile = (names: readonly string[], folder: string): string =>
  [
    '# Ultralytics finds the photos through a link beside this file, called images, to their folder:',
    `# ${JSON.stringify(folder)}`,
    'train: images.txt',
    'val: images.txt',
    'names:',
    ...names.map((name, index) => `  ${index}: ${JSON.stringify(asText(name))}`),
    '',
  ].join('\n');

/** Boxes by centre and size, as shares of the photo. A photo without boxes has an empty file: nothing is in it. */
export const yolo: Format = {
  readers: 'Ultralytics',
  takes: ['pixels'],
  convert: async function* ({ settings, folder, photos }, { pixels = 'upright' }) {
    const stemOf = stems('.txt');
    const images: string[] = [];
    for await (const photo of photos()) {
      const path = imagePath(photo.line.photo);
      yield { name: `labels/${stemOf(photo.line.photo)}.txt`, content: rowsOf(photo, pixels) };
      images.push(`./images/${path}\n`);
    }
    yield { name: 'images.txt', content: images.join('') };
    yield { name: 'data.yaml', content: dataFile(classNames(settings.classes), folder) };
  },
};
