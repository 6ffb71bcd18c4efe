import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from '../../helpers/repository.js';
import { spoiled, textIn } from './hostile.js';
import { mutateJson } from './mutate-json.js';
import { putInstead } from './put-instead.js';
import type { Random } from './random.js';

const conventions = [
  'hf-bit',
  'hf-convnext-224',
  'hf-efficientnet',
  'hf-mobilenet-v2',
  'hf-mobilevit',
  'hf-vit',
].concat(['hf-no-normalize', 'hf-raw-bytes', 'timm-border', 'timm-center', 'timm-full-288', 'timm-squash']);

const conventionIn = (random: Random, name: string): string => {
  try {
    return readFileSync(fixture('conventions', random.pick(conventions), name), 'utf8');
  } catch {
    // Not every convention has it.
    return '{"id2label":{"0":"no","1":"yes"},"problem_type":"multi_label_classification"}';
  }
};

const own = {
  size: [32, 48],
  resize: 'shortest-edge',
  crop: 'none',
  resample: 'bicubic',
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.25, 0.25],
  rescale: 1 / 255,
  channels: 'rgb',
  layout: 'nchw',
  labels: ['a', 'b', 'c', 'd', 'e'],
};

/** What each side file holds where nobody is hostile. */
const harmless: Readonly<Record<string, (random: Random) => string>> = {
  'config.json': (random) => conventionIn(random, 'config.json'),
  'preprocessor_config.json': (random) => conventionIn(random, 'preprocessor_config.json'),
  'model.json': () => JSON.stringify(own),
  'labels.txt': () => 'a\nb\nc\nd\ne\n',
  'classes.txt': () => '0: a\n1: b\n2: c\n3: d\n4: e\n',
  'labels.json': () => '{"id2label":{"0":"a","1":"b","2":"c","3":"d","4":"e"}}',
  'imagenet_class_index.json': () => '{"0":["n01440764","tench"],"1":["n01443537","goldfish"]}',
};

/** Puts hostile side files beside the model of a case. */
export const spoilSideFiles = (folder: string, random: Random): void => {
  for (let left = 1 + random.below(3); left > 0; left--) {
    const name = random.pick(Object.keys(harmless));
    const path = join(folder, 'model', name);
    if (random.chance(0.2)) {
      putInstead(path, random, folder);
      continue;
    }
    putInstead(path, random, folder, 'nothing');
    const text = harmless[name](random);
    if (name.endsWith('.json')) writeFileSync(path, mutateJson(text, random, folder));
    else
      writeFileSync(path, random.chance(0.5) ? spoiled(Buffer.from(text), random) : `${text}${textIn(random, folder)}`);
  }
};
