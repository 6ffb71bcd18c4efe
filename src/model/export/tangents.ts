import type { Algebra } from '../head/algebra.js';
import type { Pair } from '../head/curve.js';
import { callOf, type Head, type Step } from '../head/head.js';
import { carries, type Status, type TangentEmitter } from '../head/operator.js';
import { broadcastIndex } from '../head/operators/broadcast.js';
import { heldBy, pullBack, type Secant, sharesOf } from '../head/secant.js';
import type { Graph } from '../onnx/graph.js';
import type { Writer } from '../onnx/writer.js';
import { asFloat32, writeReduced } from '../onnx/written.js';
import { writtenAlgebra } from './algebra.js';
import { multiplyBy, type PartTangents } from './part-tangents.js';
import { photoValues } from './photo-values.js';

/** What writing the tangents of a head needs. */
interface Writing {
  readonly writer: Writer;
  readonly algebra: Algebra<string>;
  readonly graph: Graph;
  /** The secant of the trial run. Its sizes and constants hold for every photo. */
  readonly secant: Secant;
  /** Whether the head at zero differs between photos. */
  readonly zeroVaries: boolean;
  /** Name of a tensor of the head, for the photo, in the exported model. */
  readonly nameOf: (name: string) => string;
  /** Name of a tensor's tangent, [N, rows, columns, size]. */
  readonly tangentOf: (name: string) => string;
}

const elementsOf = ({ photo }: Secant, name: string): number => photo.get(name)?.data.length ?? 0;

/** A tensor for the photo and at zero, [N, 1, 1, size] each. */
const pairOf = (writing: Writing, name: string, status: Status): Pair<string> => {
  const { writer, algebra, graph, secant, zeroVaries, nameOf, tangentOf } = writing;
  const size = elementsOf(secant, name);
  const stored = (values: Secant['photo']) => writer.floats([1, 1, 1, size], values.get(name)?.data ?? []);
  // Stored, not computed in the model: dynamic quantisation is read with a scale of 1.
  if (status === 'constant') {
    const constant = stored(secant.photo);
    return { photo: constant, zero: constant };
  }
  const shape = writer.integers([-1, 1, 1, size]);
  const photo = asFloat32(writer, writer.node('Reshape', [nameOf(name), shape]));
  if (status === 'divisor') return { photo, zero: photo };
  if (!zeroVaries) return { photo, zero: stored(secant.zero) };
  // The mean of all cells' tangents is the difference between the photo and zero.
  const rise = writeReduced(writer, graph.opset, 'ReduceMean', tangentOf(name), [1, 2]);
  return { photo, zero: algebra.add(photo, algebra.multiply(algebra.constant(-1), rise)) };
};

/** The matrix of a step for one of its inputs. Each row comes from one call of the transpose, `pullBack`. */
const matrixFor = (secant: Secant, step: Step, input: number): readonly Float64Array[] =>
  Array.from({ length: elementsOf(secant, step.name) }, (_, element) => {
    const seed = new Float64Array(elementsOf(secant, step.name));
    seed[element] = 1;
    return pullBack(step, secant, seed)[input] ?? new Float64Array(elementsOf(secant, step.node.inputs[input]));
  });

const pick = (writer: Writer, x: string, indices: ArrayLike<number>): string =>
  writer.node('Gather', [x, writer.integers(Array.from(indices))], { axis: 3 });

const stretched = ({ writer, secant }: Writing, step: Step, input: number, x: string): string => {
  const [from, to] = [step.node.inputs[input], step.name].map((name) => secant.photo.get(name));
  if (from === undefined || to === undefined || [1, to.data.length].includes(from.data.length)) return x;
  return pick(writer, x, broadcastIndex(from.dims, to.dims));
};

const emitterOf = (writing: Writing, step: Step): TangentEmitter => {
  const { writer, algebra, graph, tangentOf } = writing;
  const { inputs } = step.node;
  return {
    ...algebra,
    numbers: (length, at) =>
      writer.floats(
        [1, 1, 1, length],
        Float64Array.from({ length }, (_, i) => at(i)),
      ),
    sqrt: (x) => writer.node('Sqrt', [x]),
    mean: (x) => writeReduced(writer, graph.opset, 'ReduceMean', x, [-1]),
    pick: (x, indices) => pick(writer, x, indices),
    stretched: (input, x) => stretched(writing, step, input, x),
    tangent: (input) => tangentOf(inputs[input]),
    pair: (input) => pairOf(writing, inputs[input], step.statuses[input]),
  };
};

/** The tangent of a step's output: by its operator's own rule, otherwise by a matrix for each input. */
const carried = (writing: Writing, step: Step): string => {
  const { writer, algebra, secant, tangentOf } = writing;
  if (step.operator.tangent !== undefined) {
    return step.operator.tangent(callOf(step, secant.photo), emitterOf(writing, step));
  }
  const { inputs } = step.node;
  const carrying = inputs.map((_, i) => i).filter((i) => carries(step.statuses[i]));
  return carrying.map((i) => multiplyBy(writer, tangentOf(inputs[i]), matrixFor(secant, step, i))).reduce(algebra.add);
};

/**
 * Writes the operations that carry each cell's features through the head, as `sharesOf` does for their mean. Affine
 * parts become matrices. Slopes of activations and divisors of norms are those at the photo's pooled vector.
 * @param secant the secant of the trial run. Its sizes and constants hold for every photo.
 * @param cells name of the feature map as [N, rows, columns, C].
 * @param fromParts see `partTangents`.
 * @returns name of the class maps, [N, rows, columns, K].
 */
export const writeTangents = (
  writer: Writer,
  graph: Graph,
  head: Head,
  secant: Secant,
  cells: string,
  fromParts: PartTangents,
): string => {
  const steps = new Map(head.steps.map((step) => [step.name, step]));
  const written = new Map<string, string>();
  const write = (name: string): string => {
    const step = steps.get(name);
    if (step !== undefined && step.status !== 'exact') return carried(writing, step);
    // All that is affine in the features becomes one matrix.
    const rows = Array.from(
      { length: elementsOf(secant, name) },
      (_, element) => sharesOf(head, secant, element, name).weights,
    );
    return fromParts(rows);
  };
  const tangentOf = (name: string): string => {
    const tangent = written.get(name) ?? write(name);
    written.set(name, tangent);
    return tangent;
  };
  const writing: Writing = {
    ...{ writer, graph, secant, tangentOf },
    algebra: writtenAlgebra(writer),
    nameOf: photoValues(writer, graph, head, secant, cells),
    zeroVaries: heldBy(head, secant).includes('divisor of a norm'),
  };
  return tangentOf(head.logits);
};
