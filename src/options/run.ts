import { defineOption } from './define.js';
import { sampleWords } from './sample.js';
import { numberIn, text, wholeNumber, yesOrNo } from './values.js';

/** Largest number of cores or processes. No machine has more cores. */
export const MOST_CORES = 1024;

// In seconds. A Node timer holds at most 24 days, and no photo takes one.
const DAY = 86_400;

/** Options of a run that do not concern how photos are explained. */
export const runOptions = {
  model: defineOption({
    alias: 'm',
    values: text('a built-in name, .onnx file, or folder with model.onnx'),
    default: 'efficientnet-lite0',
    describe: 'Built-in name, .onnx file, or folder with model.onnx',
  }),
  output: defineOption({
    alias: 'o',
    values: text('a folder', (value) => value !== ''),
    default: 'heatmaps',
    describe: 'Folder for the results, a mirror of the photos',
  }),
  pack: defineOption({
    values: yesOrNo,
    default: false,
    describe: 'Pictures in tars, as WebDataset has them, beside tables: for millions of photos',
  }),
  show: defineOption({ values: yesOrNo, default: false, describe: 'Print the pictures in the terminal too' }),
  jobs: defineOption({
    values: wholeNumber(1, MOST_CORES),
    otherwise: 'one a core',
    describe: 'Processes that work at a time',
  }),
  threads: defineOption({
    values: wholeNumber(1, MOST_CORES),
    otherwise: '1, or those that would be idle',
    describe: 'Cores for one forward pass, for large models',
  }),
  timeout: defineOption({
    values: numberIn(`a number of seconds above 0, at most ${DAY}`, (value) => value > 0 && value <= DAY),
    default: 60,
    describe: 'Seconds that a photo may take, a fifteenth more for each pass of its measures; and trying the model',
  }),
  measureSample: defineOption({
    values: sampleWords,
    otherwise: 'all photos',
    describe: 'Measure some of the photos alone, the same for each model: their number, or a share such as 1%',
  }),
  // Parsed by `parseShard`, which needs the environment.
  shard: defineOption({
    values: text('a part such as 3/16, or auto'),
    describe: 'A part of the photos such as 3/16; or auto, from the environment',
  }),
  truth: defineOption({
    values: text('a file, a folder, or the word folders', (value) => value !== ''),
    describe:
      'What the photos show: a COCO file, a folder of XML, masks or metadata, or folders; its classes are explained too',
  }),
  mapClasses: defineOption({
    values: text('a file', (value) => value !== ''),
    describe: "Which of the network's classes the truth's names mean, a pair a line",
  }),
  column: defineOption({
    values: text('the name of a column', (value) => value !== ''),
    otherwise: 'the one that holds photos',
    describe: 'Column with the photos, of Parquet files',
  }),
  allowLocal: defineOption({
    values: yesOrNo,
    default: false,
    describe: 'Fetch from this machine and private networks too, where an address leads there',
  }),
  report: defineOption({
    values: yesOrNo,
    otherwise: 'for more than one photo',
    describe: 'report.html, to walk through the results',
  }),
  json: defineOption({ values: yesOrNo, default: false, describe: "The manifest's lines on standard output" }),
  quiet: defineOption({
    alias: 'q',
    values: yesOrNo,
    default: false,
    describe: 'Say nothing but failures, and what had to be assumed',
  }),
  overwrite: defineOption({ values: yesOrNo, default: false, describe: 'Do again what is done already' }),
  exitZero: defineOption({
    values: yesOrNo,
    default: false,
    describe: 'End with exit code 0 though photos failed: each is named all the same',
  }),
};

/** The model, as the positional argument of a command about one model. */
export const modelPositional = defineOption({
  values: runOptions.model.values,
  required: true,
  describe: runOptions.model.describe,
});

/** The timeout of a command that tries a model and explains no photo. */
export const preparationTimeout = { ...runOptions.timeout, describe: 'Seconds that trying the model may take' };
