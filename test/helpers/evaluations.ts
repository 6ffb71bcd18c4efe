import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FourNumbers } from '../../src/maps/box.js';
import { called } from './in-process.js';

/** What is true of a photo: names of classes with their boxes, and corners of their masks. */
export type TrueBoxes = Readonly<
  Record<string, readonly (readonly [name: string, box: FourNumbers, corners?: readonly number[]])[]>
>;

/** A COCO file beside a run, of photos of 451 x 300 pixels. @returns its path. */
const writeTruth = (output: string, photos: TrueBoxes): string => {
  const names = [...new Set(Object.values(photos).flatMap((objects) => objects.map(([name]) => name)))];
  const file = join(output, '../truth.json');
  const images = Object.keys(photos).map((file_name, id) => ({ id, file_name, width: 451, height: 300 }));
  const annotations = Object.values(photos)
    .flatMap((objects, image_id) =>
      objects.map(([name, bbox, corners]) => ({
        ...{ image_id, category_id: names.indexOf(name), bbox },
        ...(corners && { segmentation: [corners] }),
      })),
    )
    .map((one, id) => ({ id, iscrowd: 0, ...one }));
  const categories = names.map((name, id) => ({ id, name }));
  writeFileSync(file, JSON.stringify({ images, annotations, categories }));
  return file;
};

/** Evaluates a run against what is true. @returns what the command says. */
export const evaluated = async (output: string, photos: TrueBoxes): Promise<string> => {
  const { code, stderr } = await called(['evaluate', output, '--truth', writeTruth(output, photos)]);
  if (code !== 0) throw new Error(stderr);
  return stderr;
};

/** evaluation.json or evaluation.jsonl of a run, as text. */
export const evaluationText = (output: string, name: 'evaluation.json' | 'evaluation.jsonl'): string =>
  readFileSync(join(output, name), 'utf8');
