import { ModelError } from '../../errors.js';
import type { Node } from '../graph.js';
import type { Tensor } from '../tensor.js';
import type { Algebra } from './algebra.js';

/**
 * What a tensor of the head is as a function of the pooled vector, from simple to bent:
 * - `constant`: does not depend on it;
 * - `exact`: affine;
 * - `frozen`: affine once the divisors of norms are held;
 * - `first-order`: bent by an activation, only its gradient is known;
 * - `moment`: a sum or mean of something bent, as a norm is made of (a mean square);
 * - `divisor`: what a norm divides by; it must end in a division and nowhere else.
 */
export type Status = 'constant' | 'exact' | 'frozen' | 'first-order' | 'moment' | 'divisor';

const order: readonly Status[] = ['constant', 'exact', 'frozen', 'first-order', 'moment', 'divisor'];

/** One use of an operator, with the values that its inputs have. */
export interface Call {
  readonly node: Node;
  /** Which of the node's outputs is asked for. */
  readonly output: number;
  /** undefined: an optional input that is not given. */
  readonly inputs: readonly (Tensor | undefined)[];
  /** Of the inputs, in the same order; `constant` for those not given. */
  readonly statuses: readonly Status[];
}

/** Writes the operations of an exported model that carry a cell's features through the head. */
export interface TangentEmitter extends Algebra<string> {
  /** What an input becomes for a small step of the pooled vector towards the cell's features, [N, rows, columns, size]. */
  readonly tangent: (input: number) => string;
  /** An input's value for the photo, [N, 1, 1, size]. */
  readonly value: (input: number) => string;
  readonly divide: (a: string, b: string) => string;
  readonly sqrt: (x: string) => string;
  /** Mean over the last axis, which stays as 1. */
  readonly mean: (x: string) => string;
}

/** How one ONNX operator acts on the head's tensors. */
export interface Operator {
  /** How many of a node's outputs it gives; left out: the first alone. */
  readonly outputs?: number;
  /** The output's value. */
  readonly evaluate: (call: Call) => Tensor;
  /**
   * What the output is, given what the inputs are. Left out: the operator is understood for constants alone.
   * @throws ModelError where no class map exists behind this use of the operator.
   */
  readonly status?: (call: Call) => Status;
  /**
   * The derivative of a class's logit with respect to each input, given that with respect to the output (the transpose
   * of the operator's linear part; divisors of norms are held). undefined for inputs that carry nothing.
   */
  readonly pullBack?: (call: Call, output: Tensor, gradient: Float64Array) => readonly (Float64Array | undefined)[];
  /**
   * The output's tangent, where the derivative depends on the photo. Left out: the operator is linear in its inputs, and
   * an exported model multiplies by the matrix that `pullBack` gives.
   */
  readonly tangent?: (call: Call, emit: TangentEmitter) => string;
}

/** No class map exists: the sentence names the operator that stands in the way. */
export const refuse = (node: Node, what: string): ModelError =>
  new ModelError('head-refused', `No class map exists: between the average and the logits stands ${node.op}, ${what}.`);

/** Whether a value is on its way to be divided by. */
export const isStatistic = (status: Status): boolean => status === 'moment' || status === 'divisor';

/** Status of a sum, a stack, or any other linear function of all its inputs. */
export const linear = ({ node, statuses }: Pick<Call, 'node' | 'statuses'>): Status => {
  const dependent = statuses.filter((status) => status !== 'constant');
  const worst = dependent.reduce<Status>((a, b) => (order.indexOf(a) > order.indexOf(b) ? a : b), 'constant');
  if (dependent.length < 2 || !isStatistic(worst) || dependent.every(isStatistic)) return worst;
  if (worst === 'divisor') throw refuse(node, 'which uses the divisor of a norm for something else');
  return 'first-order';
};

/** At least `least`, where the input depends on the pooled vector. */
export const atLeast = (least: Status, status: Status): Status =>
  status !== 'constant' && order.indexOf(status) < order.indexOf(least) ? least : status;

/** Status behind a bent function of one value after the other. */
export const activation = (call: Call): Status => atLeast('first-order', linear(call));

/** An input that the operator cannot do without. */
export const required = ({ node, inputs }: Call, index: number): Tensor => {
  const input = inputs[index];
  if (input === undefined) throw new ModelError('malformed-node', `${node.op} in the model lacks input ${index}.`);
  return input;
};

/** `axis`, counted from the end where negative. */
export const positiveAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
