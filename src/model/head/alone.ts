import { create, toBinary } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, TensorProto_DataType, ValueInfoProtoSchema } from 'onnx-buf';
import type { Graph } from '../onnx/graph.js';
import { attributeProto, integerTensor, nodeProto, valueInfo } from '../onnx/proto.js';
import { type Head, shapeOf } from './head.js';
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

/**
 * The operations between the average and the logits as a model of their own: from `HEAD_INPUT`, a pooled tensor in
 * float32, to the logits. Sizes of other tensors that they read are stored in it.
 * @param pooledType element type of the pooled tensor in the network, as ONNX Runtime names it.
 * @param sizes dims of the tensors whose shape the head reads.
 */
export const headAlone = (
  graph: Graph,
  { pooling, logits }: Head,
  pooledType: string,
  sizes: ReadonlyMap<string, readonly number[]>,
): Uint8Array => {
  const upstream = ancestorsOf(graph, logits, (name) => name === pooling.pooled || graph.isConstant(name));
  const computed = new Set(upstream.filter((node) => !readsOnlyShape(node)).flatMap(({ outputs }) => outputs));
  const read = new Set(upstream.flatMap(({ inputs }) => inputs));
  const { node = [], initializer = [] } = graph.proto.graph ?? {};
  const asked = upstream.filter(readsOnlyShape).map((shape) => {
    const { dims, data } = shapeOf(shape, sizes.get(shape.inputs[0]));
    return integerTensor(shape.outputs[0], dims, [...data]);
  });
  const type = elementTypes[pooledType];
  if (type === undefined) throw new Error(`a pooled tensor of ${pooledType}`);
  const parts = create(GraphProtoSchema, {
    name: 'head',
    node: [
      nodeProto('Cast', [HEAD_INPUT], [pooling.pooled], [attributeProto('to', type)]),
      // A constant may be a node's output, too.
      ...node.filter(({ output: [name] }) => computed.has(name) || (read.has(name) && graph.isConstant(name))),
    ],
    initializer: [...initializer.filter(({ name }) => read.has(name)), ...asked],
    input: [valueInfo(HEAD_INPUT, TensorProto_DataType.FLOAT, ['batch', ...pooling.pooledDims.slice(1)])],
    // Left without a type: the operations determine it.
    output: [create(ValueInfoProtoSchema, { name: logits })],
  });
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { ...graph.proto, graph: parts }));
};
