import { ModelError } from '../../errors.js';
import type { Held } from '../../maps/class-weights.js';
import type { Node } from '../onnx/graph.js';
import type { Tensor } from '../onnx/tensor.js';
import type { Algebra } from './algebra.js';
import type { Pair } from './curve.js';

/**
 * How a tensor of the head depends on the pooled vector, from the simplest to the most complex:
 * - `constant`: does not depend on it;
 * - `exact`: affine;
 * - `frozen`: affine once the divisors of norms are held;
 * - `bent`: nonlinear by an activation, a product or a quantiser's limit, whose slope is held;
 * - `moment`: a sum or mean of bent values, such as the mean square in a norm;
 * - `divisor`: the divisor of a norm, which may only be divided by.
 */
export type Status = 'constant' | 'exact' | 'frozen' | 'bent' | 'moment' | 'divisor';

const order: readonly Status[] = ['constant', 'exact', 'frozen', 'bent', 'moment', 'divisor'];

/** One use of an operator, with the values of its inputs. */
export interface Call {
  readonly node: Node;
  /** Index of the node's output that is computed. */
  readonly output: number;
  /** An optional input that is not given is undefined. */
  readonly inputs: readonly (Tensor | undefined)[];
  /** Statuses of the inputs, in the same order. `constant` for those not given. */
  readonly statuses: readonly Status[];
}

/** Writes the operations of an exported model that carry a cell's features through the head. */
export interface TangentEmitter extends Algebra<string> {
  /** An input's change for a change of the pooled vector by each cell's features, [N, rows, columns, size]. */
  readonly tangent: (input: number) => string;
  /** An input for the photo, and for a pooled vector of zeros, each [N, 1, 1, size]. */
  readonly pair: (input: number) => Pair<string>;
  /** A number for each of `length` elements, [1, 1, 1, length]. */
  readonly numbers: (length: number, at: (i: number) => number) => string;
  readonly sqrt: (x: string) => string;
  /** Elements of the last axis, by their indices. */
  readonly pick: (x: string, indices: ArrayLike<number>) => string;
  /** An input's numbers or tangent, broadcast to the output. */
  readonly stretched: (input: number, x: string) => string;
  /** Mean over the last axis, which stays as 1. */
  readonly mean: (x: string) => string;
}

/** Properties of an operator anywhere in the network, in the head or upstream of it. */
export interface Traits {
  /**
   * Whether its output mixes all positions of a picture. `always`: as a global pool does. `vectors`: where it multiplies
   * one vector per picture. Left out: it does not.
   */
  readonly mixes?: 'always' | 'vectors' | undefined;
  /** Whether it multiplies its input by weights of the model. */
  readonly weighs?: boolean | undefined;
  /** Whether it works on quantised numbers, quantises or dequantises. */
  readonly quantises?: boolean | undefined;
}

/** How one ONNX operator acts on the head's tensors. */
export interface Operator extends Traits {
  /** How many of a node's outputs it computes. Left out: only the first. */
  readonly outputs?: number;
  /**
   * The output's value.
   * @param held the call that divisors are taken from: this call itself, or the photo's for a pooled vector of zeros.
   */
  readonly evaluate: (call: Call, held: Call) => Tensor;
  /**
   * The output's status, given the inputs' statuses. Left out: the operator is understood for constants only.
   * @throws ModelError where no class map exists downstream of this use of the operator.
   */
  readonly status?: (call: Call) => Status;
  /** What is held constant between a pooled vector of zeros and the photo's. Left out: nothing. */
  readonly holds?: (call: Call, zero: Call) => Held | undefined;
  /** Whether the output is rounded. The rounding is the part that its slopes do not explain. */
  readonly rounds?: boolean;
  /**
   * The slope of a class's logit with respect to each input, given that with respect to the output. Linear parts use
   * their transpose, nonlinear ones the divided difference between the photo and zero. Undefined for inputs that carry
   * no slope.
   * @param zero the same call for a pooled vector of zeros, with divisors held.
   */
  readonly pullBack?: (
    call: Call,
    output: Tensor,
    gradient: Float64Array,
    zero: Call,
  ) => readonly (Float64Array | undefined)[];
  /**
   * The output's tangent, where the slope depends on the photo. Left out: the operator is linear in its inputs, and the
   * exported model multiplies by the matrix from `pullBack`.
   */
  readonly tangent?: (call: Call, emit: TangentEmitter) => string;
}

/** The error that no class map exists. It names the operator that prevents it. */
export const refuse = (node: Node, what: string): ModelError =>
  new ModelError('head-refused', `No class map exists: between the pool and the logits stands ${node.op}, ${what}.`);

/** Whether a slope flows through a step's input. Divisors and constants are held. */
export const carries = (status: Status): boolean => status !== 'constant' && status !== 'divisor';

/** Whether a value is part of a norm's divisor. */
export const isStatistic = (status: Status): boolean => status === 'moment' || status === 'divisor';

/** Status of a linear function of all inputs, such as a sum or a concatenation. */
export const linear = ({ node, statuses }: Pick<Call, 'node' | 'statuses'>): Status => {
  const dependent = statuses.filter((status) => status !== 'constant');
  const worst = dependent.reduce<Status>((a, b) => (order.indexOf(a) > order.indexOf(b) ? a : b), 'constant');
  if (dependent.length < 2 || !isStatistic(worst) || dependent.every(isStatistic)) return worst;
  if (worst === 'divisor') throw refuse(node, 'which uses the divisor of a norm for something else');
  return 'bent';
};

/** At least `least`, where the input depends on the pooled vector. */
export const atLeast = (least: Status, status: Status): Status =>
  status !== 'constant' && order.indexOf(status) < order.indexOf(least) ? least : status;

/** Status of the result of a nonlinear elementwise function. */
export const activation = (call: Call): Status => atLeast('bent', linear(call));

/** @throws ModelError `malformed-node` where the input is missing. */
export const required = ({ node, inputs }: Call, index: number): Tensor => {
  const input = inputs[index];
  if (input === undefined) throw new ModelError('malformed-node', `${node.op} in the model lacks input ${index}.`);
  return input;
};

/** An axis as a non-negative number: a negative one counts from the last. */
export const positiveAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
