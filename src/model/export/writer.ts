import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

type Attribute = number | readonly number[];

/** Collects operations to be added to a model, each under a name of its own. */
export interface Writer {
  /** Adds an operation with one output. @returns the output's name. */
  readonly node: (op: string, inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>) => string;
  /** Indices of the `count` largest numbers along the last axis, int64. */
  readonly best: (from: string, count: number) => string;
  readonly floats: (dims: readonly number[], data: ArrayLike<number>) => string;
  readonly integers: (data: readonly number[]) => string;
  /** Makes a tensor an output of the model under a name. A dim that is a string is free. */
  readonly output: (name: string, from: string, type: 'float32' | 'int64', dims: readonly (number | string)[]) => void;
  /** What has been added, as bytes to append to the model. */
  readonly bytes: () => Uint8Array;
}

// No exporter writes names like this, and two exports in a row would be refused for their output's name.
const PREFIX = 'gapcam/';

const attributeOf = (name: string, value: Attribute): AttributeProto =>
  typeof value === 'number'
    ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
    : create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) });

const nodeOf = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): NodeProto =>
  create(NodeProtoSchema, {
    opType: op,
    input: [...inputs],
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
  });

const outputOf = (name: string, type: TensorProto_DataType, dims: readonly (number | string)[]): ValueInfoProto => {
  const dim = dims.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'string' ? { case: 'dimParam', value: size } : { case: 'dimValue', value: BigInt(size) },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, { elemType: type, shape: create(TensorShapeProtoSchema, { dim }) });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
};

interface StoredFields {
  readonly dataType: TensorProto_DataType;
  readonly dims: readonly number[];
  readonly rawData: Uint8Array<ArrayBuffer>;
}

const integerFields = (data: readonly number[]): StoredFields => ({
  dataType: TensorProto_DataType.INT64,
  dims: [data.length],
  rawData: new Uint8Array(BigInt64Array.from(data, BigInt).buffer),
});

export const createWriter = (): Writer => {
  const nodes: NodeProto[] = [];
  const initializer: TensorProto[] = [];
  const outputs: ValueInfoProto[] = [];
  const fresh = () => `${PREFIX}${nodes.length + initializer.length}`;
  const store = (fields: StoredFields): string => {
    const name = fresh();
    initializer.push(create(TensorProtoSchema, { ...fields, name, dims: fields.dims.map(BigInt) }));
    return name;
  };
  return {
    node: (op, inputs, attributes) => {
      const name = fresh();
      nodes.push(nodeOf(op, inputs, name, attributes));
      return name;
    },
    best: (from, count) => {
      const k = store(integerFields([count]));
      const [values, indices] = [`${fresh()}/values`, fresh()];
      const node = nodeOf('TopK', [from, k], values, { axis: -1, largest: 1, sorted: 1 });
      node.output.push(indices);
      nodes.push(node);
      return indices;
    },
    floats: (dims, data) => {
      const rawData = new Uint8Array(Float32Array.from(data).buffer);
      return store({ dataType: TensorProto_DataType.FLOAT, dims, rawData });
    },
    integers: (data) => store(integerFields(data)),
    output: (name, from, type, dims) => {
      nodes.push(nodeOf('Identity', [from], name));
      outputs.push(outputOf(name, type === 'int64' ? TensorProto_DataType.INT64 : TensorProto_DataType.FLOAT, dims));
    },
    bytes: () =>
      toBinary(
        ModelProtoSchema,
        create(ModelProtoSchema, {
          graph: create(GraphProtoSchema, { node: nodes, initializer, output: outputs }),
        }),
      ),
  };
};
