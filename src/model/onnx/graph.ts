import { fromBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
} from 'onnx-buf';
import { ModelError } from '../../errors.js';
import { refuseCycles } from './cycles.js';
import { externalRanges, type StoredRange } from './external-ranges.js';
import { type ReadBeside, readTensor, scalar, type Tensor } from './tensor.js';

/** One operation of the network. */
export interface Node {
  /** The operator's name, prefixed with its domain where that is not ONNX's own. */
  readonly op: string;
  /** Names of tensors. '' is an optional input that is not given. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeProto>;
}

export interface GraphInput {
  readonly name: string;
  /** ONNX's number for the element type: 1 float32, 2 uint8, 10 float16. */
  readonly type: number;
  /** undefined: free. */
  readonly dims: readonly (number | undefined)[];
}

/** A network as a read-only graph of operations and tensors. */
export interface Graph {
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  readonly producers: ReadonlyMap<string, Node>;
  /** The parts of external files that hold its weights. */
  readonly external: readonly StoredRange[];
  /** Version of ONNX's own operator set. */
  readonly opset: number;
  /** Key and value pairs that the exporter left in the model. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Whether the tensor is stored in the model. */
  readonly isConstant: (name: string) => boolean;
  /** A stored tensor's numbers, decoded on first use. Undefined where it is not stored. */
  readonly constant: (name: string) => Tensor | undefined;
  /** The file as it was decoded. */
  readonly proto: ModelProto;
}

const decodeModel = (bytes: Uint8Array): ModelProto => {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new ModelError(
      'not-onnx',
      'The model file is not ONNX, or it is damaged or cut off; fetch or export it again.',
      error,
    );
  }
};

const opsetsOf = (model: ModelProto): ReadonlyMap<string, number> =>
  new Map(model.opsetImport.map(({ domain, version }) => [plain(domain), Number(version)]));

const nodesOf = (model: ModelProto): Node[] => {
  return (model.graph?.node ?? []).map((node) => ({
    op: plain(node.domain) === '' ? node.opType : `${node.domain}.${node.opType}`,
    inputs: node.input,
    outputs: node.output,
    attributes: new Map(node.attribute.map((attribute) => [attribute.name, attribute])),
  }));
};

// Files may spell out the domain of ONNX's own operators.
const plain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

const constantOf = (node: Node, readBeside: ReadBeside): Tensor | undefined => {
  const [attribute] = node.attributes.values();
  switch (attribute?.name) {
    case 'value':
      return attribute.t === undefined ? undefined : readTensor(attribute.t, readBeside);
    case 'value_float':
      return scalar(attribute.f);
    case 'value_int':
      return scalar(Number(attribute.i));
    case 'value_floats':
      return { dims: [attribute.floats.length], data: Float64Array.from(attribute.floats) };
    case 'value_ints':
      return { dims: [attribute.ints.length], data: Float64Array.from(attribute.ints, Number) };
    default:
      return undefined;
  }
};

/** @param initializers stored tensors, by name. Old files list them among the inputs, too. */
const inputsOf = ({ input }: GraphProto, initializers: ReadonlyMap<string, TensorProto>): readonly GraphInput[] =>
  input
    .filter(({ name }) => !initializers.has(name))
    .map(({ name, type }) => {
      const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
      const dims = tensor?.shape?.dim ?? [];
      const sizeOf = ({ value }: (typeof dims)[number]) =>
        value.case === 'dimValue' && value.value > 0n ? Number(value.value) : undefined;
      return { name, type: tensor?.elemType ?? 0, dims: dims.map(sizeOf) };
    });

/** Decodes each stored tensor on first use. */
const constantsOf = (
  initializers: ReadonlyMap<string, TensorProto>,
  producers: Graph['producers'],
  readBeside: ReadBeside,
): Graph['constant'] => {
  const decoded = new Map<string, Tensor | undefined>();
  const decode = (name: string): Tensor | undefined => {
    const stored = initializers.get(name);
    if (stored !== undefined) return readTensor(stored, readBeside);
    const node = producers.get(name);
    return node?.op === 'Constant' ? constantOf(node, readBeside) : undefined;
  };
  return (name) => {
    if (!decoded.has(name)) decoded.set(name, decode(name));
    return decoded.get(name);
  };
};

/**
 * The network in an ONNX file. Weights are decoded only on use.
 * @throws ModelError `not-onnx`, `empty-model`, `cycle`.
 */
export const readGraph = (bytes: Uint8Array, readBeside: ReadBeside): Graph => {
  const model = decodeModel(bytes);
  const nodes = nodesOf(model);
  const graph = model.graph;
  if (graph === undefined || nodes.length === 0 || graph.output.length === 0) {
    throw new ModelError('empty-model', 'The model file holds no network.');
  }
  const producers = new Map<string, Node>();
  for (const node of nodes) for (const output of node.outputs) if (output !== '') producers.set(output, node);
  refuseCycles(producers);
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  return {
    inputs: inputsOf(graph, initializers),
    outputs: graph.output.map(({ name }) => name),
    producers,
    external: externalRanges(model),
    opset: opsetsOf(model).get('') ?? 1,
    metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])),
    isConstant: (name) => initializers.has(name) || producers.get(name)?.op === 'Constant',
    constant: constantsOf(initializers, producers, readBeside),
    proto: model,
  };
};

/** A whole-number attribute, or its default. */
export const intAttribute = (node: Node, name: string, fallback: number): number => {
  const attribute = node.attributes.get(name);
  return attribute?.type === AttributeProto_AttributeType.INT ? Number(attribute.i) : fallback;
};

/** A number attribute, or its default. */
export const floatAttribute = (node: Node, name: string, fallback: number): number => {
  const attribute = node.attributes.get(name);
  return attribute?.type === AttributeProto_AttributeType.FLOAT ? attribute.f : fallback;
};

/** A list of whole numbers, or undefined where it is not given. */
export const intsAttribute = (node: Node, name: string): readonly number[] | undefined =>
  node.attributes.get(name)?.ints.map(Number);

/** A text attribute, or its default. */
export const textAttribute = (node: Node, name: string, fallback: string): string => {
  const attribute = node.attributes.get(name);
  return attribute === undefined ? fallback : new TextDecoder().decode(attribute.s);
};
