import { tolerances } from '../cam/completeness.js';
import { isKnownError } from '../errors.js';
import { describeModel, type ModelDescription } from '../model/describe.js';
import type { Kind } from '../model/head/head.js';
import type { Input } from '../model/input/input.js';
import type { InputKey } from '../model/input/values.js';
import { prepareModel } from '../model/prepare.js';
import type { Resize, Size } from '../photo/geometry.js';
import { type ModelArguments, noteAssumptions, prepareOptionsOf } from './model-options.js';
import type { Terminal } from './terminal.js';

export interface InspectArguments extends ModelArguments {
  readonly model: string;
  readonly json: boolean;
}

const kinds: Readonly<Record<Kind, string>> = {
  exact: 'exact: mean of the class map + bias = logit',
  frozen: 'frozen: mean + bias = logit, with the divisor of the norm behind the average held for each photo',
  'first-order': 'first-order: approximate, the gradient at the average, since an activation stands behind it',
};

const sizeWords = ({ width, height }: Size): string => `${width}x${height}`;

const resizeWords = (resize: Resize): string => {
  switch (resize.rule) {
    case 'none':
      return 'none';
    case 'shortest-edge':
      return `shortest edge ${resize.edge}${resize.longest === undefined ? '' : `, longest at most ${resize.longest}`}`;
    case 'longest-edge':
      return `longest edge ${resize.edge}`;
    case 'middle-square':
      return `the middle square, then ${sizeWords(resize)}`;
    default:
      return `${resize.rule} ${sizeWords(resize)}`;
  }
};

const inputWords = (input: Input): readonly (readonly [string, string])[] => {
  const { origins } = input;
  const { crop, fill } = input;
  const value: Readonly<Record<InputKey, string>> = {
    size: `${sizeWords(input.size)} pixels`,
    resize: resizeWords(input.resize),
    crop: crop === undefined ? 'none' : `centre ${sizeWords(crop)}`,
    resample: input.resample,
    fill: `rgb(${fill.join(', ')})`,
    channels: input.channels,
    layout: input.layout,
    rescale: `value * ${input.rescale}`,
    mean: input.mean.join(', '),
    std: input.std.join(', '),
  };
  return (Object.keys(value) as InputKey[]).map((key) => [key, `${value[key]}  (${origins[key]})`]);
};

const inWords = ({ name, sha256, input, labels, head }: ModelDescription): readonly (readonly [string, string])[] => [
  ['model', `${name} (sha256 ${sha256.slice(0, 12)}...)`],
  ['input', `${input.name}, ${input.type}`],
  ...inputWords(input),
  ['averaged', `${head.featureMap} [${head.dims.join(', ')}], ${head.layout}`],
  [
    'grid',
    `${head.grid[0]} rows x ${head.grid[1]} columns${head.cellOrder === 'untried' ? '; the order of the cells could not be tried' : ''}`,
  ],
  ['head', head.operators.join(' -> ')],
  ['kind', kinds[head.kind]],
  ['classes', `${head.classes}, scores by ${head.scoring}`],
  ['labels', `${labels.first.join('; ')}...  (${labels.origin})`],
  [
    'output',
    `${head.output}${head.activation === 'none' ? ', the logits' : `, the ${head.activation} of ${head.logits}`}`,
  ],
  [
    'trial run',
    `largest residual ${head.residual.toExponential(1)} of at most ${tolerances[head.precision]} for ${head.precision}`,
  ],
];

/** `gapcam inspect <model>`. @returns the exit code. */
export const inspect = async (given: InspectArguments, terminal: Terminal): Promise<number> => {
  const { model, json } = given;
  try {
    const prepared = await prepareModel(model, prepareOptionsOf(given));
    if (!json) noteAssumptions(prepared, given, terminal);
    const description = describeModel(prepared);
    if (json) terminal.print(JSON.stringify(description));
    else for (const [name, words] of inWords(description)) terminal.print(`${name.padEnd(9)} ${words}`);
    return 0;
  } catch (error) {
    if (!json || !isKnownError(error)) throw error;
    terminal.print(JSON.stringify({ name: model, refused: { code: error.code, message: error.message } }));
    return 2;
  }
};
