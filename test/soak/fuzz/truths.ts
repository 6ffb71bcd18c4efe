import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is true of the photos of `makeEarlier`, 48 x 32 pixels each, in each format: files by their paths. */

/** Photos without their endings, with their classes of nin-cifar10 and boxes: x, y, width, height. */
const objects = [
  ['photo', 'cat', [4, 6, 20, 18]],
  ['second', 'dog', [0, 0, 48, 32]],
  ['more/third', 'ship', [10.5, 2, 30, 25.5]],
] as const;

const classIds: Readonly<Record<string, number>> = { cat: 3, dog: 5, ship: 8 };

const corners = ([x, y, width, height]: readonly number[]) => [
  x,
  y,
  x + width,
  y,
  x + width,
  y + height,
  x,
  y + height,
];

const coco = {
  info: { description: 'made up', contributors: [] },
  images: objects.map(([name], id) => ({ id, file_name: `${name}.png`, width: 48, height: 32 })),
  annotations: objects.map(([, name, bbox], id) => ({
    ...{ id, image_id: id, category_id: classIds[name], bbox, iscrowd: 0, area: 1 },
    segmentation: id === 1 ? { size: [32, 48], counts: [100, 800, 636] } : [corners(bbox)],
  })),
  categories: Object.entries(classIds).map(([name, id]) => ({ id, name, supercategory: 'thing' })),
};

const xmlOf = (name: string, [x, y, width, height]: readonly number[]): string =>
  `<?xml version="1.0"?>\n<annotation><filename>photo.png</filename><source><database>VOC</database></source>
<size><width>48</width><height>32</height><depth>3</depth></size><segmented>0</segmented><object><name>${name}</name>
<difficult>0</difficult><bndbox><xmin>${x + 1}</xmin><ymin>${y + 1}</ymin><xmax>${x + width}</xmax><ymax>${y + height}</ymax></bndbox></object></annotation>\n`;

type Files = Readonly<Record<string, string>>;

const lines = (lineOf: (one: (typeof objects)[number]) => string): string => `${objects.map(lineOf).join('\n')}\n`;

/** What `--truth` is given, with its files, where nobody is hostile. */
export const truths: Readonly<Record<string, Files>> = {
  'truth.json': { 'truth.json': JSON.stringify(coco) },
  voc: Object.fromEntries(objects.map(([photo, name, box]) => [`voc/Annotations/${photo}.xml`, xmlOf(name, box)])),
  wsol: {
    'wsol/class_labels.txt': lines(([photo, name]) => `${photo}.png,${classIds[name]}`),
    'wsol/image_sizes.txt': lines(([photo]) => `${photo}.png,48,32`),
    'wsol/localization.txt': lines(([photo, , [x, y]]) => `${photo}.png,${Math.ceil(x)},${y},20,20`),
  },
};

/** Files that say which of the network's classes names mean. */
export const classMaps: Files = {
  'map.json': '{"cat": "dog", "dog": 3, "ship": "index:8"}',
  'map.csv': 'theirs,ours\ncat,dog\nship,index:8\n',
  'map.yaml': 'cat: dog\ndog: 3\n',
};

export const writeTruth = (folder: string, files: Files): void => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
};
