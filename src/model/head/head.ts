import { ModelError } from '../../errors.js';
import type { Graph, Node } from '../onnx/graph.js';
import { sizeOf, type Tensor } from '../onnx/tensor.js';
import { expand } from './expansions.js';
import { type Call, type Operator, refuse, type Status } from './operator.js';
import { operators } from './operators/index.js';
import type { Pooling, PoolPart } from './pools/pool.js';
import { ancestorsOf, readsOnlyShape } from './walk.js';

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

/** The operations from the pool to the logits, as a program over the pooled vector. */
export interface Head {
  readonly pooling: Pooling;
  readonly logits: string;
  /** [N, K], or other dims with as many elements. */
  readonly logitsDims: readonly number[];
  /** Of the logits: `exact` where the head is affine. */
  readonly status: Status;
  readonly steps: readonly Step[];
  /** The operators that depend on the pooled vector, as the model names them. */
  readonly operators: readonly string[];
  readonly constants: ReadonlyMap<string, Tensor>;
  /** Whether the logits are numbers as they are, as of regression: a single one stands for itself, and not for two classes. */
  readonly areNumbers?: boolean | undefined;
}

/** Number of logits of one photo. */
export const logitCount = ({ logitsDims, pooling }: Head): number => sizeOf(logitsDims) / pooling.batch;

/** Distance of two neighbouring levels of quantised logits. 0 where they are not quantised. */
export const logitLevel = ({ steps, constants, logits }: Head): number => {
  const last = steps.find(({ name }) => name === logits);
  if (last?.node.op !== 'DequantizeLinear') return 0;
  let level = 0;
  for (const scale of constants.get(last.node.inputs[1])?.data ?? []) level = Math.max(level, scale);
  return level;
};

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

/** Name of the vector that leaves a pool, before it is quantised. */
export const sourceOf = ({ pooled, quantizer }: PoolPart): string => quantizer?.inputs[0] ?? pooled;

/** Numbers of a photo's pooled vector. */
export const pooledLength = ({ parts }: Pooling): number => parts.reduce((sum, { length }) => sum + length, 0);

/** A photo's pooled vector as the network has it: a tensor for each pool, with a vector for each place of the batch. */
export const pooledTensors = ({ parts, batch }: Pooling, pooled: Float64Array): [name: string, value: Tensor][] => {
  let start = 0;
  return parts.map((part) => {
    const { length, pooledDims, scale, places } = part;
    const own = pooled.subarray(start, start + length);
    start += length;
    const size = sizeOf(pooledDims) / batch;
    const data = new Float64Array(size * batch);
    for (let place = 0; place < batch; place++) {
      for (let i = 0; i < length; i++) data[place * size + (places?.[i] ?? i)] = own[i] * scale;
    }
    return [sourceOf(part), { dims: pooledDims, data }];
  });
};

/** The operations between the pools and the logits, in the order they run. */
const nodesOf = (graph: Graph, { parts }: Pooling, logits: string): readonly Node[] => {
  const pooled = new Set(parts.map((part) => part.pooled));
  const upstream = ancestorsOf(graph, logits, (name) => pooled.has(name) || graph.isConstant(name));
  return [...parts.flatMap(({ quantizer }) => quantizer ?? []), ...upstream];
};

/** Statuses of a node's inputs. A moment that is divided by becomes a divisor. */
const statusesOf = ({ op, inputs }: Node, statusOf: (name: string) => Status): readonly Status[] =>
  inputs.map(statusOf).map((status, i) => (op === 'Div' && i === 1 && status === 'moment' ? 'divisor' : status));

/** The state while a head is read, from the pooled vector on. */
interface Reading {
  readonly values: Map<string, Tensor>;
  /** Statuses of the tensors that depend on the pooled vector. All others are constant. */
  readonly statuses: Map<string, Status>;
  readonly steps: Step[];
}

const readOutput = (
  { values, statuses, steps }: Reading,
  operator: Operator,
  call: Omit<Step, 'name' | 'operator' | 'status'>,
) => {
  const { node, output } = call;
  const name = node.outputs[output];
  const use = callOf(call, values);
  const dependent = call.statuses.some((status) => status !== 'constant');
  if (dependent && operator.status === undefined) throw refuse(node, 'applied to the features');
  const status = dependent ? (operator.status?.(use) ?? 'constant') : 'constant';
  statuses.set(name, status);
  values.set(name, operator.evaluate(use, use));
  if (status !== 'constant') steps.push({ ...call, name, operator, status });
};

/** @param sizes see `readHead`. */
const readNode = (graph: Graph, node: Node, reading: Reading, sizes: ReadonlyMap<string, readonly number[]>): void => {
  const { values, statuses } = reading;
  for (const name of node.inputs) {
    const stored = values.has(name) ? undefined : graph.constant(name);
    if (stored !== undefined) values.set(name, stored);
  }
  if (readsOnlyShape(node)) {
    values.set(node.outputs[0], shapeOf(node, sizes.get(node.inputs[0])));
    return;
  }
  const operator = operators.get(node.op);
  if (operator === undefined) throw refuse(node, 'which this program does not know');
  const used = statusesOf(node, (name) => statuses.get(name) ?? 'constant');
  node.outputs.forEach((name, output) => {
    if (name === '' || output >= (operator.outputs ?? 1)) return;
    readOutput(reading, operator, { node, output, statuses: used });
  });
};

/**
 * Reads the head between a pool and the logits by running it once on a pooled vector and noting, operator by operator,
 * how the result depends on that vector.
 * @param pooled the trial's pooled vector.
 * @param sizes dims of the tensors outside the head whose shape the head reads.
 * @throws ModelError `head-refused` where an operator leaves no class map.
 */
export const readHead = (
  graph: Graph,
  pooling: Pooling,
  logits: string,
  pooled: Float64Array,
  sizes: ReadonlyMap<string, readonly number[]>,
): Head => {
  const values = new Map<string, Tensor>(pooledTensors(pooling, pooled));
  const statuses = new Map<string, Status>(pooling.parts.map((part) => [sourceOf(part), 'exact']));
  const steps: Step[] = [];
  const named: string[] = [];
  const statusOf = (name: string): Status => statuses.get(name) ?? 'constant';
  for (const node of nodesOf(graph, pooling, logits)) {
    const before = steps.length;
    for (const part of expand(node)) readNode(graph, part, { values, statuses, steps }, sizes);
    const isQuantizer = pooling.parts.some(({ quantizer }) => quantizer === node);
    if (steps.length > before && !isQuantizer) named.push(node.op);
  }
  checkLogits(steps, statusOf(logits));
  const needed = new Set(steps.flatMap(({ node }) => node.inputs));
  return {
    pooling,
    logits,
    logitsDims: values.get(logits)?.dims ?? [],
    status: statusOf(logits),
    steps,
    operators: named,
    constants: new Map([...values].filter(([name]) => needed.has(name) && statusOf(name) === 'constant')),
  };
};

const checkLogits = (steps: readonly Step[], status: Status): void => {
  if (status === 'constant' || status === 'divisor') {
    throw new ModelError(
      'head-refused',
      `No class map exists: the logits are ${status === 'constant' ? 'constant' : 'a norm'}.`,
    );
  }
  // Downstream of a sigmoid without weights are scores, such as a score and its complement to 1, not logits.
  const last = steps.findLast(({ node }) => node.op === 'Sigmoid');
  if (last !== undefined && !steps.slice(steps.indexOf(last)).some(({ operator }) => operator.weighs)) {
    throw refuse(last.node, 'with no weights downstream of it: what follows are scores, not logits');
  }
};

/** The output of Shape or Size. @throws ModelError where the dims are not known. */
export const shapeOf = (node: Node, dims: readonly number[] | undefined): Tensor => {
  if (dims === undefined) throw refuse(node, 'of a tensor of unknown size');
  if (node.op === 'Size') return { dims: [], data: Float64Array.of(dims.reduce((a, b) => a * b, 1)) };
  const start = Number(node.attributes.get('start')?.i ?? 0);
  const end = node.attributes.get('end')?.i;
  const part = dims.slice(start, end === undefined ? undefined : Number(end));
  return { dims: [part.length], data: Float64Array.from(part) };
};
