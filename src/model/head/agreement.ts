import { ModelError } from '../../errors.js';
import type { ClassWeights } from '../../maps/class-weights.js';
import { type Precision, residualOf, tolerances } from '../../maps/residual.js';
import type { Graph } from '../onnx/graph.js';
import type { ClassifierOutput } from '../outputs.js';
import type { Session } from '../runtime/session.js';
import { HEAD_INPUT, headAlone, headInput } from './alone.js';
import { type Head, logitCount, logitLevel, type Values } from './head.js';
import { evaluate } from './secant.js';

/** The logits of the first picture of a batch. All pictures of the batch are the same. */
export const firstLogits = <T extends Float32Array | Float64Array>(head: Head, logits: T): T =>
  logits.subarray(0, logitCount(head)) as T;

/** Whether a single logit stands for two classes: it speaks for class 1, its negative for class 0. */
export const isPair = (head: Head): boolean => logitCount(head) === 1 && head.areNumbers !== true;

/** What a network's files say of its outputs holds where no activation makes scores of them. */
export const withAnswers = <T extends { readonly output: ClassifierOutput; readonly head: Head }>(
  found: T,
  areNumbers = false,
): T => (areNumbers && found.output.activation === 'none' ? { ...found, head: { ...found.head, areNumbers } } : found);

/** Number of classes, or of numbers of a regression. */
export const classCount = (head: Head): number => (isPair(head) ? 2 : logitCount(head));

/** The logit of each class. @param logits of one photo. */
export const logitsOfClasses = (head: Head, logits: ArrayLike<number>): ArrayLike<number> =>
  isPair(head) ? [-logits[0], logits[0]] : logits;

/**
 * Checks the head as it was read against the runtime: it must give the network's own logits.
 * @param logits of the classes, as the network gave them.
 * @param where words for the input. `unit`: differences are relative to this many logits, or to the logit if larger.
 * @returns the largest residual.
 * @throws ModelError `head-disagrees` with both values.
 */
export const checkHead = (
  values: Values,
  head: Head,
  logits: ArrayLike<number>,
  precision: Precision,
  { where, unit }: { readonly where: string; readonly unit: number } = { where: '', unit: 1 },
): number => {
  const read = logitsOfClasses(head, firstLogits(head, values.get(head.logits)?.data ?? new Float64Array()));
  const level = logitLevel(head);
  let largest = 0;
  for (let index = 0; index < logits.length; index++) {
    // Sums in another order may round to the next level of the logits' quantiser.
    const isLevel = Math.abs(read[index] - logits[index]) <= 1.01 * level;
    const residual = isLevel ? 0 : Math.abs(read[index] - logits[index]) / Math.max(unit, Math.abs(logits[index]));
    if (!(residual <= tolerances[precision])) {
      throw new ModelError(
        'head-disagrees',
        `No class map can be trusted: for class ${index}${where} the network gives ${logits[index]}, but its head as read gives ${read[index]}.`,
      );
    }
    largest = Math.max(largest, residual);
  }
  return largest;
};

/**
 * Checks that a batch of the same picture gives the same logits in every place, [N, K].
 * @throws ModelError `fixed-batch`.
 */
export const checkPlaces = (logits: ArrayLike<number>, head: Head, precision: Precision): void => {
  const count = logitCount(head);
  for (let i = count; i < logits.length; i++) {
    if (residualOf(logits[i], 0, logits[i % count]) <= tolerances[precision]) continue;
    throw new ModelError(
      'fixed-batch',
      `The model takes ${head.pooling.batch} pictures at a time and does not say the same of the same picture in each place; save it with batch 1 or a free batch.`,
    );
  }
};

/**
 * Checks the pools as they were read against the runtime: they must give the network's own pooled tensors.
 * @param pooled the trial's pooled vector. @param given the tensor that leaves a pool, by its name.
 * @throws ModelError `head-disagrees`.
 */
export const checkPooled = (
  { pooling }: Head,
  pooled: Float64Array,
  given: (name: string) => ArrayLike<number>,
  precision: Precision,
): void => {
  let start = 0;
  for (const { pooled: name, length, scale, places, quantizer, operators } of pooling.parts) {
    const read = pooled.subarray(start, start + length);
    start += length;
    if (quantizer !== undefined) continue;
    const own = given(name);
    const most = read.reduce((largest, value) => Math.max(largest, Math.abs(value * scale)), 1);
    const wrong = read.findIndex(
      (value, i) => !(Math.abs(value * scale - own[places?.[i] ?? i]) <= tolerances[precision] * most),
    );
    if (wrong < 0) continue;
    const [as, is] = [read[wrong] * scale, own[places?.[wrong] ?? wrong]];
    throw new ModelError(
      'head-disagrees',
      `No class map can be trusted: ${operators.join(' and ')} gives ${is} for number ${wrong} of its vector, but as read it gives ${as}.`,
    );
  }
};

// Number of classes whose maps are checked. A fault in one map is nearly always in most of them.
const MOST_CLASSES = 16;

/**
 * Checks that the maps of a trial run sum to its logits.
 * @param pooled the trial's pooled vector.
 * @throws ModelError `head-disagrees`; `head-refused` where the head at zero is not finite.
 */
export const checkSums = (
  weightsOf: (index: number) => ClassWeights,
  pooled: Float64Array,
  logits: ArrayLike<number>,
  precision: Precision,
): void => {
  const stride = Math.ceil(logits.length / MOST_CLASSES);
  for (let index = 0; index < logits.length; index += stride) {
    const { weights, bias } = weightsOf(index);
    const mean = weights.reduce((sum, weight, k) => sum + weight * pooled[k], 0);
    if (residualOf(mean, bias, logits[index]) <= tolerances[precision]) continue;
    if (!Number.isFinite(bias) && Number.isFinite(logits[index])) {
      throw new ModelError(
        'head-refused',
        'No class map exists: where the pooled vector is zero the head gives no finite number, as the logarithm of it, so there is no bias.',
      );
    }
    throw new ModelError(
      'head-disagrees',
      `No class map can be trusted: the map of class ${index} amounts to ${mean + bias}, but its logit is ${logits[index]}.`,
    );
  }
};

// Multiples of the trial's pooled vector that reach other parts of an activation, quantisers' limits, and zero.
const FACTORS = [4, 0.25, -1, -4, 0] as const;

/** A network's own numbers may overflow at large multiples. */
const allFinite = (logits: ArrayLike<number>): boolean => Array.from(logits).every(Number.isFinite);

/**
 * Runs the head as a model of its own, on multiples of the trial's pooled vector. A head that agrees on the trial may
 * still have been read wrongly for other values.
 * @param pooled the trial's pooled vector. @param pooledTypes element types of the pools' tensors, as ONNX Runtime names them.
 * @param sizes dims of the tensors whose shape the head reads.
 * @throws ModelError `head-disagrees`.
 */
export const checkBends = async (
  open: (bytes: Uint8Array) => Promise<Session>,
  graph: Graph,
  head: Head,
  trial: { readonly pooled: Float64Array; readonly pooledTypes: readonly string[]; readonly precision: Precision },
  sizes: ReadonlyMap<string, readonly number[]>,
): Promise<void> => {
  const { pooled, pooledTypes, precision } = trial;
  const session = await open(headAlone(graph, head, pooledTypes, sizes));
  for (const factor of FACTORS) {
    const values = evaluate(
      head,
      pooled.map((number) => number * factor),
    );
    const feed = { name: HEAD_INPUT, type: 'float32', ...headInput(head, values) } as const;
    const [given] = await session.run([feed], [head.logits]);
    const logits = firstLogits(head, given.get(head.logits)?.data ?? new Float32Array());
    if (!allFinite(logits)) continue;
    // A small logit may be the difference of large numbers. The largest logit tells how exact they are.
    const unit = logits.reduce((most, logit) => Math.max(most, Math.abs(logit)), 1);
    const where = `, with ${factor} times the trial's pooled features,`;
    checkHead(values, head, logitsOfClasses(head, logits), precision, { where, unit });
  }
};
