import type { Resize, Steps } from '../image/geometry.js';
import type { Size } from '../maps/box.js';
import { NO_GRID, percent } from '../maps/remarks.js';
import { tolerances } from '../maps/residual.js';
import type { ModelDescription } from '../model/describe.js';
import type { InputKey } from '../model/input/values.js';
import { weightsWords } from '../model/weights-digest.js';
import { defineOption } from '../options/define.js';
import { modelOptions, prepareOptionsOf } from '../options/model.js';
import { modelPositional, preparationTimeout, runOptions } from '../options/run.js';
import { yesOrNo } from '../options/values.js';
import { packageFile } from '../package-file.js';
import type { ModelFindings, ModelSetup } from '../run/workers/model-worker.js';
import { asJson } from '../terminal/json.js';
import { apart } from './apart.js';
import { noteAssumptions } from './assumptions.js';
import { defineCommand } from './command.js';
import { placeToSave, saveOwnFile } from './save-own-file.js';

const END = 'end of a quantiser';

const kindWords = ({ kind, held, precision }: ModelDescription['head']): string => {
  const words =
    kind === 'exact'
      ? 'exact: mean of the class map + bias = logit'
      : `frozen: mean + bias = logit, with the ${held.join(' and the ')} held for each photo`;
  return precision === 'int8' && !held.includes(END)
    ? `${words}; where a photo reaches the ${END}, that is held for it as well`
    : words;
};

const sizeWords = ({ width, height }: Size): string => `${width}x${height}`;

const stepsWords = (steps: Extract<Resize, { rule: 'shortest-edge' }>['steps']): string => {
  if (steps === undefined) return '';
  const words = ({ stride, least }: Steps) => `${stride}${least % stride === 0 ? '' : ` plus ${least % stride}`}`;
  const [width, height] = [words(steps.width), words(steps.height)];
  return `, then each edge to a multiple of ${width === height ? width : `${width} and ${height}`}`;
};

const resizeWords = (resize: Resize): string => {
  switch (resize.rule) {
    case 'none':
      return 'none';
    case 'shortest-edge':
      return `shortest edge ${resize.edge}${resize.longest === undefined ? '' : `, longest at most ${resize.longest}`}${stepsWords(resize.steps)}`;
    case 'longest-edge':
      return `longest edge ${resize.edge}`;
    case 'middle-square':
      return `the middle square, then ${sizeWords(resize)}`;
    default:
      return `${resize.rule} ${sizeWords(resize)}`;
  }
};

const alphaWords = { white: 'over white', black: 'over black', drop: 'dropped' } as const;

const inputWords = (input: ModelDescription['input']): readonly (readonly [string, string])[] => {
  const { origins } = input;
  const { crop, fill, align } = input;
  const value: Readonly<Record<InputKey, string>> = {
    size: `${sizeWords(input.size)} pixels`,
    resize: resizeWords(input.resize),
    crop: crop === undefined ? 'none' : `centre ${sizeWords(crop)}`,
    resample: input.resample,
    fill: fill === 'mean' ? 'the mean, 0 for the network' : `rgb(${fill.join(', ')})`,
    align: align === 'center' ? 'padded on all sides' : 'padded on the right and below',
    alpha: alphaWords[input.alpha],
    channels: input.channels,
    layout: input.layout,
    rescale: `value * ${input.rescale}`,
    mean: input.mean.join(', '),
    std: input.std.join(', '),
  };
  return (Object.keys(value) as InputKey[]).map((key) => [key, `${value[key]}  (${origins[key]})`]);
};

const pixelsOf = (length: number): string => `${Math.round(length * 100) / 100}`;

const coverWords = (input: ModelDescription['input'], head: ModelDescription['head']): string => {
  if (head.layout === 'row') return 'not known, as no grid is';
  if (head.covers === null) return 'not known, taken as all of the input: its layers do not tell';
  const [x, y, width, height] = head.covers;
  if (x === 0 && y === 0 && width === input.size.width && height === input.size.height) return 'all of the input';
  return `${pixelsOf(width)}x${pixelsOf(height)} of ${sizeWords(input.size)} pixels, from ${pixelsOf(x)}, ${pixelsOf(y)}`;
};

const poolWords = ({ pool, share }: ModelDescription['head']): string =>
  share === null
    ? pool
    : `${pool}; tokens that are no cells carry ${percent(1 - share)} of what moves the largest logit of a trial run`;

const gridWords = ({ grid: [rows, columns], layout, cellOrder }: ModelDescription['head']): string =>
  layout === 'row'
    ? `${columns} cells in a row; ${NO_GRID}`
    : `${rows} rows x ${columns} columns${cellOrder === 'untried' ? '; the order of the cells could not be tried' : ''}`;

/** What the network gives: scores of classes, or numbers with their units. */
const answerWords = ({
  classes,
  scoring,
  scoringOrigin,
  units,
}: ModelDescription['head']): readonly [string, string] => {
  if (scoring !== 'none') return ['classes', `${classes}, scores by ${scoring}`];
  const numbers = classes === 1 ? '1, the number itself' : `${classes}, the numbers themselves`;
  const measured = units === undefined ? 'no unit is said' : `in ${[...new Set(units)].join(', ')}`;
  return ['outputs', `${numbers}, no score; ${measured}  (${scoringOrigin})`];
};

const inWords = ({
  name,
  sha256,
  weights,
  input,
  labels,
  head,
}: ModelDescription): readonly (readonly [string, string])[] => [
  ['model', `${name} (sha256 ${sha256.slice(0, 12)}...)`],
  ...(weights === undefined
    ? []
    : [['weights', `${weightsWords(weights.files)} (sha256 ${weights.sha256.slice(0, 12)}...)`] as const]),
  ['input', `${input.name}, ${input.type}`],
  ...inputWords(input),
  ['pooled', `${head.featureMap} [${head.dims.join(', ')}], ${head.layout}`],
  ['pool', poolWords(head)],
  ['grid', gridWords(head)],
  ['covers', coverWords(input, head)],
  ['head', head.operators.join(' -> ')],
  ['kind', kindWords(head)],
  answerWords(head),
  ['labels', `${labels.first.join('; ')}${head.classes > labels.first.length ? '...' : ''}  (${labels.origin})`],
  [
    'output',
    `${head.output}${head.activation === 'none' ? (head.scoring === 'none' ? '' : ', the logits') : `, the ${head.activation} of ${head.logits}`}`,
  ],
  [
    'trial run',
    `largest residual ${head.residual.toExponential(1)} of at most ${tolerances[head.precision]} for ${head.precision}`,
  ],
];

export const inspect = defineCommand({
  usage: 'inspect <model>',
  description: 'Say what was found in a model, or why no class map exists',
  positionals: { model: modelPositional },
  options: {
    json: { ...runOptions.json, describe: 'The same as data' },
    save: defineOption({
      values: yesOrNo,
      default: false,
      describe: 'Write all of it into <model>.json beside the model, so that later runs need no flags',
    }),
    overwrite: { ...runOptions.overwrite, describe: 'Replace the file that --save writes' },
    timeout: preparationTimeout,
    ...modelOptions,
  },
  run: async (given, terminal) => {
    const { model, timeout, json, save, overwrite, outputName } = given;
    // First, since to try a model takes longer than to say that its file stands there already.
    const before = save ? placeToSave(model, overwrite) : undefined;
    const setup = { model, prepare: prepareOptionsOf(given) };
    const worker = packageFile('dist/run/workers/model-worker.js');
    const found = await apart<ModelSetup, ModelFindings>({ worker, setup, timeout }, terminal.signal);
    if (found === undefined) return 130;
    const { description } = found;
    if (json) terminal.print(asJson(description));
    else {
      noteAssumptions(found, given, terminal);
      for (const [name, words] of inWords(description)) terminal.print(`${name.padEnd(9)} ${words}`);
    }
    if (before !== undefined) {
      const file = await saveOwnFile({ ...found, outputName, before }, overwrite);
      terminal.note(`Saved in ${file}: later runs need none of these flags.`);
    }
    return 0;
  },
  tellRefusal: ({ code, message }, { json, model }, terminal) => {
    if (json === true) terminal.print(asJson({ name: model, refused: { code, message } }));
    return json === true;
  },
});
