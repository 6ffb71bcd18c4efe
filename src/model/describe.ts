import { createHash } from 'node:crypto';
import { type Held, type Kind, kindOf } from '../maps/class-weights.js';
import type { Precision } from '../maps/residual.js';
import type { CellOrder } from './cell-order/cell-order.js';
import type { Input } from './input/input.js';
import type { InputKey } from './input/values.js';
import { originWords } from './origin.js';
import type { Model } from './prepare.js';
import type { Weights } from './weights-digest.js';

/** What was found in a model, as plain data: for run.json and `gapcam inspect --json`. */
export interface ModelDescription {
  readonly name: string;
  readonly sha256: string;
  /** Weights in files of their own, by name, and a digest of what the model uses of them; left out: it has none. */
  readonly weights?: { readonly sha256: string; readonly files: readonly string[] } | undefined;
  /** Origins as a person reads them. */
  readonly input: Omit<Input, 'origins'> & { readonly origins: Readonly<Record<InputKey, string>> };
  readonly labels: { readonly origin: string; readonly first: readonly string[] };
  readonly head: {
    /** On the trial run, and for every photo but one that reaches the end of a quantiser's range. */
    readonly kind: Kind;
    readonly held: readonly Held[];
    readonly output: string;
    readonly activation: string;
    readonly logits: string;
    readonly classes: number;
    readonly scoring: string;
    readonly featureMap: string;
    readonly dims: readonly number[];
    readonly layout: string;
    readonly grid: readonly [number, number];
    /** What the cells cover of an input of the trial's size, as x, y, width, height; null where the layers do not tell. */
    readonly covers: readonly [number, number, number, number] | null;
    readonly cellOrder: CellOrder;
    /** From the average to the logits, in the order they run. */
    readonly operators: readonly string[];
    readonly precision: Precision;
    /** Largest difference of the head as read from the network's own logits, on a trial run. */
    readonly residual: number;
  };
}

/** Tells lists of labels apart: the first characters of their SHA-256. */
const digestOf = (labels: readonly string[]): string =>
  createHash('sha256').update(labels.join('\n')).digest('hex').slice(0, 8);

const identityOf = ({ sha256, files }: Weights): ModelDescription['weights'] => ({
  sha256,
  files: files.map(({ location }) => location),
});

const inWords = (input: Input): ModelDescription['input'] => {
  const origins = Object.entries(input.origins).map(([key, origin]) => [key, originWords(origin)]);
  return { ...input, origins: Object.fromEntries(origins) };
};

/** Everything about a model that is worth keeping with its results. */
export const describeModel = (model: Model): ModelDescription => {
  const { head, grid, output } = model;
  const covered = model.covered(model.input.size, grid);
  return {
    name: model.files.name,
    sha256: model.sha256,
    weights: model.weights && identityOf(model.weights),
    input: inWords(model.input),
    labels: {
      origin: `${originWords(model.labelOrigin)} (${digestOf(model.labels)})`,
      first: model.labels.slice(0, 3),
    },
    head: {
      kind: kindOf(model.held),
      held: model.held,
      output: output.output,
      activation: output.activation,
      logits: head.logits,
      classes: model.labels.length,
      scoring: model.scoring,
      featureMap: head.pooling.featureMap,
      dims: head.pooling.dims,
      layout: grid.layout,
      grid: [grid.rows, grid.columns],
      covers: covered === undefined ? null : [covered.x, covered.y, covered.width, covered.height],
      cellOrder: model.cellOrder,
      operators: [...head.pooling.operators, ...head.operators],
      precision: model.precision,
      residual: model.trialResidual,
    },
  };
};
