import { TensorProto_DataType as Type } from 'onnx-buf';
import type { Graph, Node } from './graph.js';

const decoder = new TextDecoder();

const textsOf = (values: readonly Uint8Array[]): readonly string[] => values.map((value) => decoder.decode(value));

/** A list of texts, or undefined where it is not given. */
export const textsAttribute = (node: Node, name: string): readonly string[] | undefined => {
  const values = node.attributes.get(name)?.strings;
  return values === undefined || values.length === 0 ? undefined : textsOf(values);
};

/** A stored tensor's texts. Undefined where it is not stored, or holds anything else. */
export const storedTexts = ({ proto, producers }: Graph, name: string): readonly string[] | undefined => {
  const producer = producers.get(name);
  const constant = producer?.op === 'Constant' ? producer : undefined;
  const tensor =
    proto.graph?.initializer.find((stored) => stored.name === name) ?? constant?.attributes.get('value')?.t;
  if (tensor !== undefined) return tensor.dataType === Type.STRING ? textsOf(tensor.stringData) : undefined;
  return constant && textsAttribute(constant, 'value_strings');
};

/** Names of the outputs that hold texts, such as the label of the best class. */
export const textOutputs = ({ proto }: Graph): ReadonlySet<string> =>
  new Set(
    (proto.graph?.output ?? []).flatMap(({ name, type }) =>
      type?.value.case === 'tensorType' && type.value.value.elemType === Type.STRING ? [name] : [],
    ),
  );
