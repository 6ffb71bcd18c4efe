import { createHash } from 'node:crypto';
import type { Precision } from '../cam/completeness.js';
import type { CellOrder } from './cell-order/cell-order.js';
import type { Kind } from './head/head.js';
import type { Model } from './prepare.js';

/** What was found in a model, as plain data: for run.json and `gapcam inspect --json`. */
export interface ModelDescription {
  readonly name: string;
  readonly sha256: string;
  readonly input: Model['input'];
  readonly labels: { readonly origin: string; readonly first: readonly string[] };
  readonly head: {
    readonly kind: Kind;
    readonly output: string;
    readonly activation: string;
    readonly logits: string;
    readonly classes: number;
    readonly scoring: string;
    readonly featureMap: string;
    readonly dims: readonly number[];
    readonly layout: string;
    readonly grid: readonly [number, number];
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

/** Everything about a model that is worth keeping with its results. */
export const describeModel = (model: Model): ModelDescription => {
  const { head, grid, output } = model;
  return {
    name: model.files.name,
    sha256: model.sha256,
    input: model.input,
    labels: { origin: `${model.labelOrigin} (${digestOf(model.labels)})`, first: model.labels.slice(0, 3) },
    head: {
      kind: head.kind,
      output: output.output,
      activation: output.activation,
      logits: head.logits,
      classes: model.labels.length,
      scoring: model.scoring,
      featureMap: head.average.featureMap,
      dims: head.average.dims,
      layout: grid.layout,
      grid: [grid.rows, grid.columns],
      cellOrder: model.cellOrder,
      operators: [...head.average.operators, ...head.steps.map(({ node }) => node.op)],
      precision: model.precision,
      residual: model.trialResidual,
    },
  };
};
