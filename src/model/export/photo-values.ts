import { type Head, sourceOf } from '../head/head.js';
import type { Secant } from '../head/secant.js';
import type { Graph } from '../onnx/graph.js';
import type { Writer } from '../onnx/writer.js';
import { writeReduced } from '../onnx/written.js';

/**
 * The name of a tensor of the head, for the photo, in the exported model. The parts that an operator was expanded into
 * have no name in the model yet, so their operations are added.
 * @param secant the secant of the trial run, for dims and constants.
 * @param cells name of the feature map as [N, rows, columns, C].
 */
export const photoValues = (writer: Writer, graph: Graph, head: Head, secant: Secant, cells: string) => {
  const steps = new Map(head.steps.map((step) => [step.name, step]));
  const constantOf = (name: string): string => {
    const value = secant.photo.get(name);
    return name === '' || graph.isConstant(name) || value === undefined ? name : writer.floats(value.dims, value.data);
  };
  const known = new Map<string, string>();
  const nameOf = (name: string): string => {
    const written = known.get(name) ?? write(name);
    known.set(name, written);
    return written;
  };
  const write = (name: string): string => {
    const part = head.pooling.parts.find((some) => sourceOf(some) === name);
    if (part?.quantizer !== undefined) return writeReduced(writer, graph.opset, 'ReduceMean', cells, [1, 2]);
    const step = steps.get(name);
    if (step === undefined || graph.producers.has(name)) return name;
    const inputs = step.node.inputs.map((input, i) =>
      step.statuses[i] === 'constant' ? constantOf(input) : nameOf(input),
    );
    return writer.copy(step.node, inputs);
  };
  return nameOf;
};
