import { tolerances } from '../cam/completeness.js';
import { isKnownError } from '../errors.js';
import { describeModel, type ModelDescription } from '../model/describe.js';
import { prepareModel } from '../model/prepare.js';
import { resizeWords } from './lines.js';
import type { Terminal } from './terminal.js';

export interface InspectArguments {
  readonly model: string;
  readonly outputName: string | undefined;
  readonly json: boolean;
}

const kinds: Readonly<Record<string, string>> = {
  exact: 'exact: mean of the class map + bias = logit',
  frozen: 'frozen: mean + bias = logit, with the divisor of the norm behind the average held for each photo',
  'first-order': 'first-order: approximate, the gradient at the average, since an activation stands behind it',
};

const inWords = ({ name, sha256, input, head }: ModelDescription): readonly (readonly [string, string])[] => {
  const { normalization: n, size } = input;
  const share = Object.hasOwn(tolerances, head.precision) ? tolerances[head.precision as keyof typeof tolerances] : 0;
  return [
    ['model', `${name} (sha256 ${sha256.slice(0, 12)}...)`],
    ['input', `${input.name}, ${input.type}, ${input.layout.toUpperCase()}, ${size.width}x${size.height} pixels`],
    ['resize', `${resizeWords(input)} (${input.origin})`],
    ['numbers', `(value * ${n.rescale} - [${n.mean.join(', ')}]) / [${n.std.join(', ')}]`],
    ['averaged', `${head.featureMap} [${head.dims.join(', ')}], ${head.layout}`],
    ['grid', `${head.grid[0]} rows x ${head.grid[1]} columns`],
    ['head', head.operators.join(' -> ')],
    ['kind', kinds[head.kind] ?? head.kind],
    ['classes', `${head.classes}, scores by ${head.scoring}`],
    [
      'output',
      `${head.output}${head.activation === 'none' ? ', the logits' : `, the ${head.activation} of ${head.logits}`}`,
    ],
    ['trial run', `largest residual ${head.residual.toExponential(1)} of at most ${share} for ${head.precision}`],
  ];
};

/** `gapcam inspect <model>`. @returns the exit code. */
export const inspect = async ({ model, outputName, json }: InspectArguments, terminal: Terminal): Promise<number> => {
  try {
    const description = describeModel(await prepareModel(model, { outputName }));
    if (json) terminal.print(JSON.stringify(description));
    else for (const [name, words] of inWords(description)) terminal.print(`${name.padEnd(10)} ${words}`);
    return 0;
  } catch (error) {
    if (!json || !isKnownError(error)) throw error;
    terminal.print(JSON.stringify({ name: model, refused: { code: error.code, message: error.message } }));
    return 2;
  }
};
