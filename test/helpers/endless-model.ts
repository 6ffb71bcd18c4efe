import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { colorClassifier } from './build-model.js';

/** A tensor of so many dims, each of any size. */
const value = (name: string, elemType: TensorProto_DataType, dims: number) => {
  const dim = Array.from({ length: dims }, () => create(TensorShapeProto_DimensionSchema));
  const tensor = create(TypeProto_TensorSchema, { elemType, shape: create(TensorShapeProtoSchema, { dim }) });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
};

const { BOOL, FLOAT, INT64 } = TensorProto_DataType;

/** The picture goes round and round, some 10^19 times, before it is looked at. */
export const endlessClassifier = (): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, colorClassifier());
  const body = create(GraphProtoSchema, {
    name: 'body',
    input: [value('turn', INT64, 0), value('on', BOOL, 0), value('before', FLOAT, 4)],
    node: [
      create(NodeProtoSchema, { opType: 'Identity', input: ['on'], output: ['still'] }),
      create(NodeProtoSchema, { opType: 'Neg', input: ['before'], output: ['after'] }),
    ],
    output: [value('still', BOOL, 0), value('after', FLOAT, 4)],
  });
  const loop = create(NodeProtoSchema, {
    opType: 'Loop',
    input: ['turns', '', 'input'],
    output: ['turned'],
    attribute: [create(AttributeProtoSchema, { name: 'body', type: AttributeProto_AttributeType.GRAPH, g: body })],
  });
  const { graph } = model;
  if (graph === undefined) throw new Error('the classifier has no graph');
  graph.node[0].input[0] = 'turned';
  graph.node.unshift(loop);
  graph.initializer.push(create(TensorProtoSchema, { name: 'turns', dataType: INT64, int64Data: [2n ** 63n - 1n] }));
  return toBinary(ModelProtoSchema, model);
};
