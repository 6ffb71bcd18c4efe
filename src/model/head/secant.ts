import type { Held } from '../../maps/class-weights.js';
import { sizeOf, type Tensor } from '../onnx/tensor.js';
import { callOf, type Head, pooledLength, pooledTensors, type Step, sourceOf, type Values } from './head.js';
import { carries } from './operator.js';

/**
 * The head at a photo's pooled vector and at a vector of zeros. Divisors of norms are held at their values for the photo.
 * Slopes are taken between the two, so that they account for the whole difference of the logits.
 */
export interface Secant {
  readonly photo: Values;
  readonly zero: Values;
}

/** Values of the head's tensors for a pooled vector. */
export const evaluate = (head: Head, pooled: Float64Array): Values => {
  const values = new Map([...head.constants, ...pooledTensors(head.pooling, pooled)]);
  for (const step of head.steps) {
    const call = callOf(step, values);
    values.set(step.name, step.operator.evaluate(call, call));
  }
  return values;
};

/** The same for a pooled vector of zeros, with every divisor that of `photo`. */
const evaluateZero = (head: Head, photo: Values): Values => {
  const nothing = new Float64Array(pooledLength(head.pooling));
  const values = new Map([...head.constants, ...pooledTensors(head.pooling, nothing)]);
  for (const step of head.steps) {
    const held = photo.get(step.name);
    const value =
      step.status === 'divisor' && held !== undefined
        ? held
        : step.operator.evaluate(callOf(step, values), callOf(step, photo));
    values.set(step.name, value);
  }
  return values;
};

/**
 * @param pooled a photo's pooled vector.
 * @param zero the head at zero, if already known. Without norms it is the same for every photo.
 */
export const secantAt = (head: Head, pooled: Float64Array, zero?: Values): Secant => {
  const photo = evaluate(head, pooled);
  return { photo, zero: zero ?? evaluateZero(head, photo) };
};

/** What is held between the pooled vector and the logits, without duplicates. */
export const heldBy = (head: Head, { photo, zero }: Secant): readonly Held[] => {
  const reached = new Set([head.logits]);
  const held = new Set<Held>();
  for (const step of head.steps.toReversed()) {
    if (!reached.has(step.name)) continue;
    const what = step.operator.holds?.(callOf(step, photo), callOf(step, zero));
    if (what !== undefined) held.add(what);
    step.node.inputs.forEach((name, i) => {
      if (carries(step.statuses[i])) reached.add(name);
    });
  }
  return [...held].sort();
};

/** The parts of a logit: `<weights, pooled> + rounding + the logit at zero`. */
export interface Shares {
  /** One for each number of the pooled vector. For an exact head, the same for every photo. */
  readonly weights: Float64Array;
  /** Sum of the quantisers' rounding between zero and the photo, in logits. */
  readonly rounding: number;
}

const dot = (slopes: Float64Array, { data: photo }: Tensor, { data: zero }: Tensor): number =>
  slopes.reduce((sum, slope, i) => sum + slope * (photo[i] - zero[i]), 0);

/** The logit's rise from zero to the photo through a tensor of the head. */
const rise = ({ photo, zero }: Secant, name: string, slopes: Float64Array): number => {
  const [end, start] = [photo.get(name), zero.get(name)];
  return end === undefined || start === undefined ? 0 : dot(slopes, end, start);
};

/** @param element index of the logit, or of an element of another tensor of the head, `of`. */
export const sharesOf = (head: Head, secant: Secant, element: number, of: string = head.logits): Shares => {
  const gradients = new Map<string, Float64Array>();
  const seed = new Float64Array(secant.photo.get(of)?.data.length ?? 0);
  seed[element] = 1;
  gradients.set(of, seed);
  let rounding = 0;
  for (const step of head.steps.toReversed()) {
    const gradient = gradients.get(step.name);
    if (gradient === undefined) continue;
    if (step.operator.rounds) rounding += rise(secant, step.name, gradient);
    pullBack(step, secant, gradient).forEach((back, i) => {
      if (back === undefined || !carries(step.statuses[i])) return;
      const name = step.node.inputs[i];
      if (step.operator.rounds) rounding -= rise(secant, name, back);
      const sum = gradients.get(name);
      gradients.set(name, sum === undefined ? back : sum.map((g, j) => g + back[j]));
    });
  }
  const weights = new Float64Array(pooledLength(head.pooling));
  let start = 0;
  for (const part of head.pooling.parts) {
    const { length, scale, places, pooledDims } = part;
    const slopes = gradients.get(sourceOf(part)) ?? new Float64Array();
    const size = sizeOf(pooledDims) / head.pooling.batch;
    // A fixed batch holds the same photo in every place, and the logit may depend on each of them.
    for (let place = 0; place * size < slopes.length; place++) {
      for (let i = 0; i < length; i++) weights[start + i] += slopes[place * size + (places?.[i] ?? i)] * scale;
    }
    start += length;
  }
  return { weights, rounding };
};

/** The slope with respect to each of a step's inputs, given that with respect to its output. */
export const pullBack = (step: Step, { photo, zero }: Secant, gradient: Float64Array) => {
  const output = photo.get(step.name);
  if (step.operator.pullBack === undefined || output === undefined) {
    throw new Error(`${step.node.op} has a status but no pullBack`);
  }
  return step.operator.pullBack(callOf(step, photo), output, gradient, callOf(step, zero));
};
