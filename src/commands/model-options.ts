import { invalidOption, ModelError } from '../errors.js';
import type { Input } from '../model/input/input.js';
import { type PresetName, presets } from '../model/input/presets.js';
import type { InputWords } from '../model/input/words.js';
import type { Model, PrepareOptions } from '../model/prepare.js';
import type { Terminal } from '../terminal/contract.js';

/** What the command line says about a model: `inputOptionTable`. */
export interface ModelArguments extends InputWords {
  readonly preset?: unknown;
  readonly whole?: unknown;
  readonly labels?: unknown;
  readonly outputName?: unknown;
  readonly strict?: unknown;
}

const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

const presetOf = (name: unknown): PresetName | undefined => {
  if (name === undefined) return undefined;
  const found = (Object.keys(presets) as PresetName[]).find((preset) => preset === name);
  if (found === undefined) throw invalidOption('preset', `one of ${Object.keys(presets).join(', ')}`, name);
  return found;
};

/** The command line's words as the library takes them. @throws UsageError `invalid-option`. */
export const prepareOptionsOf = (given: ModelArguments): PrepareOptions => {
  const { size, resize, crop, resample, mean, std, rescale, channels, inputLayout } = given;
  return {
    input: { size, resize, crop, resample, mean, std, rescale, channels, inputLayout },
    preset: presetOf(given.preset),
    whole: given.whole === true,
    labels: text(given.labels),
    outputName: text(given.outputName),
  };
};

// Padding shows only where there is some, and nearly every network takes NCHW.
const unremarkable = new Set(['fill', 'layout']);

const assumedValues = ({ origins }: Input): readonly string[] =>
  Object.entries(origins).flatMap(([key, origin]) =>
    origin.source === 'assumed' && !unremarkable.has(key) ? [key] : [],
  );

/**
 * Says once what had to be assumed, and what is odd about the model's files.
 * @throws ModelError `assumed` with `--strict`.
 */
export const noteAssumptions = (
  { input, labelOrigin, labels }: Pick<Model, 'input' | 'labelOrigin' | 'labels'>,
  { strict }: ModelArguments,
  { note }: Terminal,
): void => {
  for (const warning of input.warnings) note(warning);
  const values = assumedValues(input);
  const sentences: string[] = [];
  // What would be done is what is done, but with --strict.
  const would = (strictly: string, done: string): string => (strict === true ? strictly : done);
  if (values.length > 0) {
    const keras = input.layout === 'nhwc' ? ' Networks of Keras want a --preset keras-...' : '';
    const as = `as in torchvision ${would('would be', 'is assumed')}`;
    sentences.push(`Nothing says how photos are fed; ${as}: ${values.join(', ')}.${keras}`);
  }
  if (labelOrigin.source === 'assumed') {
    const called = would('would be called', 'are called');
    sentences.push(
      `Nothing names the classes; they ${called} ${labels[0].split(',')[0]}, ${labels[1].split(',')[0]} and so on.`,
    );
  }
  if (strict === true && sentences.length > 0) {
    throw new ModelError('assumed', `${sentences.join(' ')} Give a --preset, --labels, or the values themselves.`);
  }
  for (const sentence of sentences) note(sentence);
};
