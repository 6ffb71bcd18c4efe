import { ModelError } from '../errors.js';
import type { Input } from '../model/input/input.js';
import type { Model } from '../model/prepare.js';
import type { ModelOptions } from '../options/model.js';
import type { Terminal } from '../terminal/contract.js';

// Padding and transparency show only where there is some, and nearly every network takes NCHW.
const unremarkable = new Set(['fill', 'align', 'layout', 'alpha']);

const assumedValues = ({ origins }: Input): readonly string[] =>
  Object.entries(origins).flatMap(([key, origin]) =>
    origin.source === 'assumed' && !unremarkable.has(key) ? [key] : [],
  );

const namelessWords = (labels: readonly string[], scoring: Model['scoring'], called: string): string => {
  const things = scoring === 'none' ? (labels.length === 1 ? 'number; it' : 'numbers; they') : 'classes; they';
  const [first, ...others] = labels.slice(0, 2).map((label) => label.split(',')[0]);
  const names = others.length === 0 ? first : `${first}, ${others[0]} and so on`;
  return `Nothing names the ${things} ${called} ${names}.`;
};

/**
 * Says once what had to be assumed, and what is odd about the model's files.
 * @throws ModelError `assumed` with `--strict`.
 */
export const noteAssumptions = (
  { input, labelOrigin, labels, scoring }: Pick<Model, 'input' | 'labelOrigin' | 'labels' | 'scoring'>,
  { strict }: Pick<ModelOptions, 'strict'>,
  { note }: Terminal,
): void => {
  for (const warning of input.warnings) note(warning);
  const values = assumedValues(input);
  const sentences: string[] = [];
  // What would be done is what is done, but with --strict.
  const would = (strictly: string, done: string): string => (strict ? strictly : done);
  if (values.length > 0) {
    const keras = input.layout === 'nhwc' ? ' Networks of Keras want a --preset keras-...' : '';
    const as = would('would be assumed', 'are assumed');
    sentences.push(`Nothing says how photos are fed; as in torchvision these ${as}: ${values.join(', ')}.${keras}`);
  }
  if (labelOrigin.source === 'assumed') {
    const called = labels.length === 1 ? would('would be called', 'is called') : would('would be called', 'are called');
    sentences.push(namelessWords(labels, scoring, called));
  }
  if (strict && sentences.length > 0) {
    throw new ModelError(
      'assumed',
      `${sentences.join(' ')} Give a --preset, --labels, or the values themselves; gapcam inspect --save keeps them.`,
    );
  }
  for (const sentence of sentences) note(sentence);
};
