import { type NodeProto, type TensorProto, TensorProto_DataType, type ValueInfoProto } from 'onnx-buf';
import { withAddition } from './append.js';
import type { Node } from './graph.js';
import { type Attributes, attributeProto, floatTensor, integerTensor, nodeProto, valueInfo } from './proto.js';

/** Collects operations to add to a model, each with a unique name. Equal operations are added once. */
export interface Writer {
  /** Adds an operation with one output. @returns the output's name. */
  readonly node: (op: string, inputs: readonly string[], attributes?: Attributes) => string;
  /** Adds a copy of an operation of the model, for other inputs. @returns the output's name. */
  readonly copy: (node: Node, inputs: readonly string[]) => string;
  /** Indices of the `count` largest numbers along the last axis, int64. */
  readonly best: (from: string, count: number) => string;
  readonly floats: (dims: readonly number[], data: ArrayLike<number>) => string;
  readonly integers: (data: readonly number[]) => string;
  /** Makes a tensor an output of the model, under a name. A dim that is a string is free. */
  readonly output: (name: string, from: string, type: 'float32' | 'int64', dims: readonly (number | string)[]) => void;
  /** The model with all additions. */
  readonly addedTo: (model: Uint8Array) => Uint8Array;
}

// No exporter writes names like this. Exporting an exported model again is refused for its output's name.
const PREFIX = 'gapcam/';

const attributesOf = (attributes: Attributes): readonly ReturnType<typeof attributeProto>[] =>
  Object.entries(attributes).map(([name, value]) => attributeProto(name, value));

// Longer than other functions: its short methods share the lists of additions.
export const createWriter = (): Writer => {
  const nodes: NodeProto[] = [];
  const initializer: TensorProto[] = [];
  const outputs: ValueInfoProto[] = [];
  const known = new Map<string, string>();
  const fresh = () => `${PREFIX}${nodes.length + initializer.length}`;
  const once = (key: readonly unknown[], add: (name: string) => void): string => {
    const words = JSON.stringify(key);
    const name = known.get(words) ?? fresh();
    if (!known.has(words)) add(name);
    known.set(words, name);
    return name;
  };
  return {
    node: (op, inputs, attributes = {}) =>
      once([op, inputs, attributes], (name) => nodes.push(nodeProto(op, inputs, [name], attributesOf(attributes)))),
    copy: (node, inputs) =>
      once([node.op, inputs, node.outputs], (name) =>
        nodes.push(nodeProto(node.op, inputs, [name], node.attributes.values())),
      ),
    best: (from, count) => {
      const k = `${fresh()}/k`;
      initializer.push(integerTensor(k, [1], [count]));
      const [values, indices] = [`${fresh()}/values`, fresh()];
      nodes.push(nodeProto('TopK', [from, k], [values, indices], attributesOf({ axis: -1, largest: 1, sorted: 1 })));
      return indices;
    },
    floats: (dims, data) => {
      const add = (name: string) => initializer.push(floatTensor(name, dims, data));
      // Single numbers recur in many formulas. Long lists rarely do, so they are not compared.
      if (data.length === 1) return once(['float', dims, data[0]], add);
      const name = fresh();
      add(name);
      return name;
    },
    integers: (data) => once(['integers', data], (name) => initializer.push(integerTensor(name, [data.length], data))),
    output: (name, from, type, dims) => {
      nodes.push(nodeProto('Identity', [from], [name]));
      const elements = type === 'int64' ? TensorProto_DataType.INT64 : TensorProto_DataType.FLOAT;
      outputs.push(valueInfo(name, elements, dims));
    },
    addedTo: (model) => withAddition(model, { node: nodes, initializer, output: outputs }),
  };
};
