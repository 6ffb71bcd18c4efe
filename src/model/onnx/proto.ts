import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
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

/** Builders for parts of an ONNX file, as protobuf messages. */

export type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** A whole number, or a list of them. */
export const attributeProto = (name: string, value: number | readonly number[]): AttributeProto =>
  typeof value === 'number'
    ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
    : create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) });

/** @param op the operator's name as in `Node`, prefixed with its domain where that is not ONNX's own. */
export const nodeProto = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Iterable<AttributeProto> = [],
): NodeProto => {
  const at = op.lastIndexOf('.');
  return create(NodeProtoSchema, {
    domain: op.slice(0, Math.max(0, at)),
    opType: op.slice(at + 1),
    input: [...inputs],
    output: [...outputs],
    attribute: [...attributes],
  });
};

/** @param dims a string is a free dim. Left out: the operations determine it. */
export const valueInfo = (
  name: string,
  type = TensorProto_DataType.FLOAT,
  dims?: readonly (number | string)[],
): ValueInfoProto => {
  const dim = dims?.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'string' ? { case: 'dimParam', value: size } : { case: 'dimValue', value: BigInt(size) },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: type,
    ...(dim && { shape: create(TensorShapeProtoSchema, { dim }) }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
};

const bytesOf = ({ buffer }: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>) => new Uint8Array(buffer);

export const floatTensor = (name: string, dims: readonly number[], data: ArrayLike<number>): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.FLOAT,
    dims: dims.map(BigInt),
    rawData: bytesOf(Float32Array.from(data)),
  });

export const integerTensor = (name: string, dims: readonly number[], data: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.INT64,
    dims: dims.map(BigInt),
    rawData: bytesOf(BigInt64Array.from(data, BigInt)),
  });
