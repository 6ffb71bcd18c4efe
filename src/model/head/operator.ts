import { ModelError } from '../../errors.js';
import type { Held } from '../../maps/class-weights.js';
import type { Node } from '../onnx/graph.js';
import type { Tensor } from '../onnx/tensor.js';
import type { Algebra } from './algebra.js';
import type { Pair } from './curve.js';

/**
 * What a tensor of the head is as a function of the pooled vector, from simple to bent:
 * - `constant`: does not depend on it;
 * - `exact`: affine;
 * - `frozen`: affine once the divisors of norms are held;
 * - `bent`: by an activation, a product or the end of a quantiser, whose slope is held too;
 * - `moment`: a sum or mean of something bent, as a norm is made of (a mean square);
 * - `divisor`: what a norm divides by; it must end in a division and nowhere else.
 */
export type Status = 'constant' | 'exact' | 'frozen' | 'bent' | 'moment' | 'divisor';

const order: readonly Status[] = ['constant', 'exact', 'frozen', 'bent', 'moment', 'divisor'];

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
  /** What an input becomes for a step of the pooled vector towards the cell's features, [N, rows, columns, size]. */
  readonly tangent: (input: number) => string;
  /** An input for the photo and where the pooled vector is zero, each [N, 1, 1, size]. */
  readonly pair: (input: number) => Pair<string>;
  /** A number for each of `length` elements, [1, 1, 1, length]. */
  readonly numbers: (length: number, at: (i: number) => number) => string;
  readonly sqrt: (x: string) => string;
  /** Elements of the last axis, by their indices. */
  readonly pick: (x: string, indices: ArrayLike<number>) => string;
  /** An input's numbers or tangent, repeated where the output stretches it. */
  readonly stretched: (input: number, x: string) => string;
  /** Mean over the last axis, which stays as 1. */
  readonly mean: (x: string) => string;
}

/** What an operator is wherever it stands, in the head or upstream of it. */
export interface Traits {
  /**
   * Whether its output mixes all positions of a picture: `always`, as a global pool does, or where it multiplies
   * `vectors`, one a picture. Left out: it does not.
   */
  readonly mixes?: 'always' | 'vectors' | undefined;
  /** Whether it weighs its input with numbers of the model. */
  readonly weighs?: boolean | undefined;
  /** Whether it works on whole numbers that stand for real ones, or goes from one to the other. */
  readonly quantises?: boolean | undefined;
}

/** How one ONNX operator acts on the head's tensors. */
export interface Operator extends Traits {
  /** How many of a node's outputs it gives; left out: the first alone. */
  readonly outputs?: number;
  /**
   * The output's value.
   * @param held the call from which divisors are taken: this call itself, or the photo's where the pooled vector is zero.
   */
  readonly evaluate: (call: Call, held: Call) => Tensor;
  /**
   * What the output is, given what the inputs are. Left out: the operator is understood for constants alone.
   * @throws ModelError where no class map exists downstream of this use of the operator.
   */
  readonly status?: (call: Call) => Status;
  /** What is held between the photo and a pooled vector of zeros. Left out: nothing. */
  readonly holds?: (call: Call, zero: Call) => Held | undefined;
  /** Whether the output is rounded: by so much as its slopes leave unexplained. */
  readonly rounds?: boolean;
  /**
   * The slope of a class's logit with respect to each input, given that with respect to the output: the transpose of the
   * operator's linear part, and of what is bent the divided difference between the photo and zero. undefined for inputs
   * that carry nothing.
   * @param zero the same call where the pooled vector is zero, divisors held.
   */
  readonly pullBack?: (
    call: Call,
    output: Tensor,
    gradient: Float64Array,
    zero: Call,
  ) => readonly (Float64Array | undefined)[];
  /**
   * The output's tangent, where the slope depends on the photo. Left out: the operator is linear in its inputs, and an
   * exported model multiplies by the matrix that `pullBack` gives.
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
  return 'bent';
};

/** At least `least`, where the input depends on the pooled vector. */
export const atLeast = (least: Status, status: Status): Status =>
  status !== 'constant' && order.indexOf(status) < order.indexOf(least) ? least : status;

/** Status of the result of a nonlinear elementwise function. */
export const activation = (call: Call): Status => atLeast('bent', linear(call));

/** An input that the operator cannot do without. */
export const required = ({ node, inputs }: Call, index: number): Tensor => {
  const input = inputs[index];
  if (input === undefined) throw new ModelError('malformed-node', `${node.op} in the model lacks input ${index}.`);
  return input;
};

/** `axis`, counted from the end where negative. */
export const positiveAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
