import { ModelError } from '../../errors.js';
import type { Graph, Node } from '../graph.js';
import { sizeOf, type Tensor } from '../tensor.js';
import type { Average } from './average.js';
import { type Call, type Operator, refuse, type Status } from './operator.js';
import { operators } from './operators/index.js';
import { nodesBehind, readsOnlyShape } from './walk.js';

/** How well a class map stands for its logit: see `Status`. */
export type Kind = 'exact' | 'frozen' | 'first-order';

/** One operation of the head that depends on the pooled vector. */
export interface Step {
  readonly name: string;
  readonly node: Node;
  readonly output: number;
  readonly operator: Operator;
  readonly statuses: readonly Status[];
  /** Of the output. */
  readonly status: Status;
}

/** Everything from the average to the logits, as a program over the pooled vector. */
export interface Head {
  readonly kind: Kind;
  readonly average: Average;
  readonly logits: string;
  /** [N, K] or any dims that hold as many numbers. */
  readonly logitsDims: readonly number[];
  readonly steps: readonly Step[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** Number of logits of one photo; one logit speaks for two classes. */
export const logitCount = ({ logitsDims, average }: Head): number => sizeOf(logitsDims) / average.dims[0];

/** The head at one pooled vector: the value of each of its tensors. */
export type Values = ReadonlyMap<string, Tensor>;

/** A step's operator with the values of its inputs. */
export const callOf = (
  { node, output, statuses }: Pick<Step, 'node' | 'output' | 'statuses'>,
  values: Values,
): Call => ({
  node,
  output,
  statuses,
  inputs: node.inputs.map((name) => values.get(name)),
});

/** A photo's pooled vector as the network has it: once for each place of its batch. */
const pooledTensor = ({ dims, pooledDims, scale, offset, range }: Average, pooled: Float64Array): Tensor => {
  const data = Float64Array.from(
    { length: pooled.length * dims[0] },
    (_, i) => pooled[i % pooled.length] * scale + offset,
  );
  if (range === undefined) return { dims: pooledDims, data };
  const [low, high] = range;
  return { dims: pooledDims, data: data.map((level) => Math.min(high, Math.max(low, Math.round(level)))) };
};

/** Values of the head's tensors for one photo's pooled vector, the means of the feature map's channels, [C]. */
export const evaluate = (head: Head, pooled: Float64Array): Values => {
  const values = new Map(head.constants);
  values.set(head.average.pooled, pooledTensor(head.average, pooled));
  for (const step of head.steps) values.set(step.name, step.operator.evaluate(callOf(step, values)));
  return values;
};

/**
 * Reads the head between an average and the logits by running it once on a pooled vector and noting, operator by
 * operator, how the result depends on that vector.
 * @param sizes dims of the tensors outside the head whose shape the head asks for.
 * @throws ModelError `head-refused` where an operator leaves no class map.
 */
export const readHead = (
  graph: Graph,
  average: Average,
  logits: string,
  pooled: Float64Array,
  sizes: ReadonlyMap<string, readonly number[]>,
): Head => {
  const values = new Map<string, Tensor>([[average.pooled, pooledTensor(average, pooled)]]);
  const statuses = new Map<string, Status>([[average.pooled, 'exact']]);
  const steps: Step[] = [];
  const statusOf = (name: string): Status => statuses.get(name) ?? 'constant';
  const stops = (name: string) => name === average.pooled || graph.isConstant(name);
  for (const node of nodesBehind(graph, logits, stops)) {
    for (const name of node.inputs) {
      const stored = values.has(name) ? undefined : graph.constant(name);
      if (stored !== undefined) values.set(name, stored);
    }
    if (readsOnlyShape(node)) {
      values.set(node.outputs[0], shapeOf(node, sizes.get(node.inputs[0])));
      continue;
    }
    const operator = operators.get(node.op);
    if (operator === undefined) throw refuse(node, 'which this program does not know');
    const used = node.inputs.map(statusOf);
    node.outputs.forEach((name, output) => {
      if (name === '' || output >= (operator.outputs ?? 1)) return;
      const call = callOf({ node, output, statuses: used }, values);
      const dependent = used.some((status) => status !== 'constant');
      if (dependent && operator.status === undefined) throw refuse(node, 'applied to the features');
      const status = dependent ? (operator.status?.(call) ?? 'constant') : 'constant';
      statuses.set(name, status);
      values.set(name, operator.evaluate(call));
      if (status !== 'constant') steps.push({ name, node, output, operator, statuses: used, status });
    });
  }
  const status = statusOf(logits);
  if (status === 'constant' || status === 'divisor') {
    throw new ModelError(
      'head-refused',
      `No class map exists: the logits are ${status === 'constant' ? 'constant' : 'a norm'}.`,
    );
  }
  checkLogits(steps);
  const needed = new Set(steps.flatMap(({ node }) => node.inputs));
  return {
    kind: status === 'moment' ? 'first-order' : status,
    average,
    logits,
    logitsDims: values.get(logits)?.dims ?? [],
    steps,
    constants: new Map([...values].filter(([name]) => needed.has(name) && statusOf(name) === 'constant')),
  };
};

/** Whether an operator weighs its input with numbers of the model. */
const weighs = ({ node }: Step): boolean => /Gemm|MatMul|Conv$/.test(node.op);

/** Behind a sigmoid without weights stand scores, such as a score and what it lacks to 1, and no logits. */
const checkLogits = (steps: readonly Step[]): void => {
  const last = steps.findLast(({ node }) => node.op === 'Sigmoid');
  if (last !== undefined && !steps.slice(steps.indexOf(last)).some(weighs)) {
    throw refuse(last.node, 'with no weights behind it: what follows are scores, not logits');
  }
};

const shapeOf = (node: Node, dims: readonly number[] | undefined): Tensor => {
  if (dims === undefined) throw refuse(node, 'of a tensor of unknown size');
  if (node.op === 'Size') return { dims: [], data: Float64Array.of(dims.reduce((a, b) => a * b, 1)) };
  const start = Number(node.attributes.get('start')?.i ?? 0);
  const end = node.attributes.get('end')?.i;
  const part = dims.slice(start, end === undefined ? undefined : Number(end));
  return { dims: [part.length], data: Float64Array.from(part) };
};

/**
 * Derivative of one logit with respect to the pooled vector, [C], divisors of norms held: for an exact or frozen
 * head the class's effective weights.
 * @param values of the head at the photo's pooled vector, from `evaluate`.
 * @param element of the logits, or of another tensor of the head, `of`.
 */
export const gradientOf = (head: Head, values: Values, element: number, of: string = head.logits): Float64Array => {
  const gradients = new Map<string, Float64Array>();
  const seed = new Float64Array(values.get(of)?.data.length ?? 0);
  seed[element] = 1;
  gradients.set(of, seed);
  for (const step of head.steps.toReversed()) {
    const gradient = gradients.get(step.name);
    const output = values.get(step.name);
    if (gradient === undefined || output === undefined) continue;
    if (step.operator.pullBack === undefined) throw new Error(`${step.node.op} has a status but no pullBack`);
    step.operator.pullBack(callOf(step, values), output, gradient).forEach((back, i) => {
      const status = step.statuses[i];
      // A norm's divisor is held: nothing flows through it.
      if (back === undefined || status === 'constant' || status === 'divisor') return;
      const name = step.node.inputs[i];
      const sum = gradients.get(name);
      gradients.set(name, sum === undefined ? back : sum.map((g, j) => g + back[j]));
    });
  }
  const { average } = head;
  const channels = average.dims[average.channelAxis];
  const weights = new Float64Array(channels);
  // The same photo stands in every place of the batch: what the logit knows of it, it knows through all of them.
  gradients.get(average.pooled)?.forEach((g, i) => {
    weights[i % channels] += g * average.scale;
  });
  return weights;
};
