import { defineOption } from './define.js';
import { oneOf, text, yesOrNo } from './values.js';

const file = text('a file', (value) => value !== '');

/** Options that some formats of `convert` make use of. */
export const convertOptions = {
  masks: defineOption({ values: yesOrNo, default: false, describe: 'With the pixels of each box' }),
  pixels: defineOption({
    values: oneOf<'stored' | 'upright'>(['stored', 'upright']),
    otherwise: "those that most of the format's readers see",
    describe: 'Whether boxes lie in the pixels of the file, or turned as EXIF says',
  }),
  truth: defineOption({ values: file, describe: 'A COCO data set whose ids of images and categories are taken' }),
  mapClasses: defineOption({
    values: file,
    describe: "A file that says which of the network's classes a category means",
  }),
  ids: defineOption({ values: file, describe: 'Names of photos, one a line, in the order of the result' }),
  synsets: defineOption({ values: file, describe: 'Classes of the challenge, one a line, in the order of its labels' }),
  imageUrl: defineOption({
    values: text('the beginning of an address'),
    otherwise: '/data/local-files/?d=',
    describe: "What a photo's address begins with",
  }),
};
