import { create, toBinary } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, TensorProto_DataType, ValueInfoProtoSchema } from 'onnx-buf';
import type { Graph } from '../onnx/graph.js';
import { attributeProto, integerTensor, nodeProto, valueInfo } from '../onnx/proto.js';
import { sizeOf } from '../onnx/tensor.js';
import { type Head, shapeOf, type Values } from './head.js';
import type { PoolPart } from './pools/pool.js';
import { ancestorsOf, readsOnlyShape } from './walk.js';

/** Name of the input of a head that was cut out. */
export const HEAD_INPUT = 'gapcam/pooled';

const elementTypes: Readonly<Record<string, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float64: TensorProto_DataType.DOUBLE,
  float16: TensorProto_DataType.FLOAT16,
  uint8: TensorProto_DataType.UINT8,
  int8: TensorProto_DataType.INT8,
};

/** The values of all pools' tensors as one input, one after the other. */
export const headInput = ({ pooling: { parts } }: Head, values: Values) => {
  const data = Float32Array.from(parts.flatMap(({ pooled }) => Array.from(values.get(pooled)?.data ?? [])));
  return { dims: parts.length === 1 ? parts[0].pooledDims : [1, data.length], data };
};

/** The part of the input that is a pool's tensor, cast to its type. */
const partOf = ({ pooled, pooledDims }: PoolPart, type: TensorProto_DataType, start: number, alone: boolean) => {
  const cast = (from: string) => nodeProto('Cast', [from], [pooled], [attributeProto('to', type)]);
  if (alone) return { node: [cast(HEAD_INPUT)], initializer: [] };
  const [indices, dims, picked, shaped] = ['indices', 'dims', 'picked', 'shaped'].map(
    (of) => `${HEAD_INPUT}/${pooled}/${of}`,
  );
  const size = sizeOf(pooledDims);
  return {
    node: [
      nodeProto('Gather', [HEAD_INPUT, indices], [picked], [attributeProto('axis', 1)]),
      nodeProto('Reshape', [picked, dims], [shaped]),
      cast(shaped),
    ],
    initializer: [
      integerTensor(
        indices,
        [size],
        Array.from({ length: size }, (_, i) => start + i),
      ),
      integerTensor(dims, [pooledDims.length], pooledDims),
    ],
  };
};

const typeOf = (name: string): TensorProto_DataType => {
  const type = elementTypes[name];
  if (type === undefined) throw new Error(`a pooled tensor of ${name}`);
  return type;
};

/**
 * The operations between the pools and the logits as a model of their own: from `HEAD_INPUT`, the pools' tensors in
 * float32, to the logits. Sizes of other tensors that they read are stored in it.
 * @param pooledTypes element types of the pools' tensors in the network, as ONNX Runtime names them.
 * @param sizes dims of the tensors whose shape the head reads.
 */
export const headAlone = (
  graph: Graph,
  { pooling: { parts }, logits }: Head,
  pooledTypes: readonly string[],
  sizes: ReadonlyMap<string, readonly number[]>,
): Uint8Array => {
  const pooled = new Set(parts.map((part) => part.pooled));
  const upstream = ancestorsOf(graph, logits, (name) => pooled.has(name) || graph.isConstant(name));
  const computed = new Set(upstream.filter((node) => !readsOnlyShape(node)).flatMap(({ outputs }) => outputs));
  const read = new Set(upstream.flatMap(({ inputs }) => inputs));
  const { node = [], initializer = [] } = graph.proto.graph ?? {};
  const asked = upstream.filter(readsOnlyShape).map((shape) => {
    const { dims, data } = shapeOf(shape, sizes.get(shape.inputs[0]));
    return integerTensor(shape.outputs[0], dims, [...data]);
  });
  let start = 0;
  const given = parts.map((part, i) => {
    const made = partOf(part, typeOf(pooledTypes[i]), start, parts.length === 1);
    start += sizeOf(part.pooledDims);
    return made;
  });
  const inputDims = parts.length === 1 ? ['batch', ...parts[0].pooledDims.slice(1)] : [1, start];
  const cutOut = create(GraphProtoSchema, {
    name: 'head',
    node: [
      ...given.flatMap((made) => made.node),
      // A constant may be a node's output, too.
      ...node.filter(({ output: [name] }) => computed.has(name) || (read.has(name) && graph.isConstant(name))),
    ],
    initializer: [
      ...initializer.filter(({ name }) => read.has(name)),
      ...asked,
      ...given.flatMap((made) => made.initializer),
    ],
    input: [valueInfo(HEAD_INPUT, TensorProto_DataType.FLOAT, inputDims)],
    // Left without a type: the operations determine it.
    output: [create(ValueInfoProtoSchema, { name: logits })],
  });
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { ...graph.proto, graph: cutOut }));
};
