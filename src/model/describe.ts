import { createHash } from 'node:crypto';
import { type Held, type Kind, kindOf } from '../maps/class-weights.js';
import type { Precision } from '../maps/residual.js';
import type { CellOrder } from './cell-order/cell-order.js';
import type { Input } from './input/input.js';
import type { InputKey } from './input/values.js';
import { originWords } from './origin.js';
import type { Model } from './prepare.js';
import type { Weights } from './weights-digest.js';

/** A model's properties as plain data, for run.json and `gapcam inspect --json`. */
export interface ModelDescription {
  readonly name: string;
  readonly sha256: string;
  /** Weights in separate files: the files' names, and a digest of the parts that the model uses. Left out: it has none. */
  readonly weights?: { readonly sha256: string; readonly files: readonly string[] } | undefined;
  /** Origins, as text. */
  readonly input: Omit<Input, 'origins'> & { readonly origins: Readonly<Record<InputKey, string>> };
  readonly labels: { readonly origin: string; readonly first: readonly string[] };
  readonly head: {
    /** On the trial run, and for every photo, except photos that reach a quantiser's limit. */
    readonly kind: Kind;
    readonly held: readonly Held[];
    readonly output: string;
    readonly activation: string;
    readonly logits: string;
    readonly classes: number;
    readonly scoring: string;
    /** Which file says that the network gives numbers and no scores. Left out: it gives scores. */
    readonly scoringOrigin?: string | undefined;
    /** The unit of each number. Left out: it is not said, or there are scores. */
    readonly units?: readonly string[] | undefined;
    /** How the cells count in the pooled vector, in words. */
    readonly pool: string;
    /** Of what moves the largest logit of a trial run, the share that lies in cells, [0, 1]. Null: all tokens are cells. */
    readonly share: number | null;
    readonly featureMap: string;
    readonly dims: readonly number[];
    readonly layout: string;
    readonly grid: readonly [number, number];
    /** The part of an input of the trial's size that the cells cover: x, y, width, height. Null where the layers do not tell. */
    readonly covers: readonly [number, number, number, number] | null;
    readonly cellOrder: CellOrder;
    /** From the pools to the logits, in the order they run. */
    readonly operators: readonly string[];
    readonly precision: Precision;
    /** Largest difference between the logits of the head as read and the network's own, on a trial run. */
    readonly residual: number;
  };
}

/** Identifies a list of labels: the first characters of its SHA-256. */
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

/** Describes a model, to be stored with its results. */
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
      scoringOrigin: model.scoringOrigin && originWords(model.scoringOrigin),
      units: model.units,
      pool: head.pooling.parts.map(({ coefficientsInWords }) => coefficientsInWords).join(' and '),
      share: model.trialShare ?? null,
      featureMap: head.pooling.featureMap,
      dims: head.pooling.dims,
      layout: grid.layout,
      grid: [grid.rows, grid.columns],
      covers: covered === undefined ? null : [covered.x, covered.y, covered.width, covered.height],
      cellOrder: model.cellOrder,
      operators: [...head.pooling.parts.flatMap(({ operators }) => operators), ...head.operators],
      precision: model.precision,
      residual: model.trialResidual,
    },
  };
};
