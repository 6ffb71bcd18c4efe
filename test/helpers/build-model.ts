import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  GraphProtoSchema,
  AttributeProto_AttributeType as Kind,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_MapSchema,
  TypeProto_SequenceSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { noise } from './networks.js';

type Attribute = number | string | readonly number[] | readonly string[];

/** One operation: operator, inputs, outputs, attributes (whole numbers unless `1.5`-like). */
export interface NodeSketch {
  readonly op: string;
  readonly in: readonly string[];
  readonly out: string;
  readonly with?: Readonly<Record<string, Attribute>>;
}

/** A tiny network, written in a test. A dim that is a string is free. */
export interface ModelSketch {
  readonly input?: readonly (number | string)[];
  readonly nodes: readonly NodeSketch[];
  readonly weights?: Readonly<Record<string, { readonly dims: readonly number[]; readonly data: readonly number[] }>>;
  /** Whole-number tensors: shapes, axes, indices. */
  readonly integers?: Readonly<Record<string, readonly number[]>>;
  /** Single quantised numbers, such as zero points, by their type. */
  readonly levels?: Readonly<Record<string, { readonly type: 'uint8' | 'int8'; readonly value: number }>>;
  readonly outputs?: readonly string[];
  /** Stored lists of texts. */
  readonly texts?: Readonly<Record<string, readonly string[]>>;
  /** Those of the outputs that hold texts, or that a ZipMap makes: a list of scores by name. */
  readonly textOutputs?: readonly string[];
  readonly zippedOutputs?: readonly string[];
  /** Whether the input is uint8. */
  readonly bytes?: boolean;
  readonly opset?: number;
}

const attribute = (name: string, value: Attribute): AttributeProto => {
  const base = { name };
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { ...base, type: Kind.STRING, s: new TextEncoder().encode(value) });
  }
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? create(AttributeProtoSchema, { ...base, type: Kind.INT, i: BigInt(value) })
      : create(AttributeProtoSchema, { ...base, type: Kind.FLOAT, f: value });
  }
  if (value.every((one) => typeof one === 'string')) {
    const strings = value.map((text) => new TextEncoder().encode(text));
    return create(AttributeProtoSchema, { ...base, type: Kind.STRINGS, strings });
  }
  return create(AttributeProtoSchema, { ...base, type: Kind.INTS, ints: value.map((one) => BigInt(one)) });
};

const valueInfo = (name: string, dims?: readonly (number | string)[], type = TensorProto_DataType.FLOAT) =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: type,
          ...(dims && {
            shape: create(TensorShapeProtoSchema, {
              dim: dims.map((dim) =>
                create(TensorShapeProto_DimensionSchema, {
                  value:
                    typeof dim === 'string'
                      ? { case: 'dimParam', value: dim }
                      : { case: 'dimValue', value: BigInt(dim) },
                }),
              ),
            }),
          }),
        }),
      },
    }),
  });

/** What a ZipMap gives: for each picture of the batch, scores by name. */
const zipped = (name: string) => {
  const scores = create(TypeProtoSchema, {
    value: { case: 'tensorType', value: create(TypeProto_TensorSchema, { elemType: TensorProto_DataType.FLOAT }) },
  });
  const byName = create(TypeProtoSchema, {
    value: {
      case: 'mapType',
      value: create(TypeProto_MapSchema, { keyType: TensorProto_DataType.STRING, valueType: scores }),
    },
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: { case: 'sequenceType', value: create(TypeProto_SequenceSchema, { elemType: byName }) },
    }),
  });
};

/** Bytes of an ONNX file. */
export const buildModel = ({
  input = ['n', 3, 'h', 'w'],
  nodes,
  weights = {},
  integers = {},
  levels = {},
  outputs = ['logits'],
  texts = {},
  textOutputs = [],
  zippedOutputs = [],
  opset = 17,
  bytes = false,
}: ModelSketch): Uint8Array =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [
        create(OperatorSetIdProtoSchema, { version: BigInt(opset) }),
        create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
        create(OperatorSetIdProtoSchema, { domain: 'ai.onnx.ml', version: 2n }),
      ],
      graph: create(GraphProtoSchema, {
        name: 'sketch',
        node: nodes.map((node) =>
          create(NodeProtoSchema, {
            domain: node.op.includes('.') ? node.op.slice(0, node.op.lastIndexOf('.')) : '',
            opType: node.op.slice(node.op.lastIndexOf('.') + 1),
            input: [...node.in],
            output: [node.out],
            attribute: Object.entries(node.with ?? {}).map(([name, value]) => attribute(name, value)),
          }),
        ),
        initializer: [
          ...Object.entries(weights).map(([name, { dims, data }]) =>
            create(TensorProtoSchema, {
              name,
              dataType: TensorProto_DataType.FLOAT,
              dims: dims.map(BigInt),
              floatData: [...data],
            }),
          ),
          ...Object.entries(levels).map(([name, { type, value }]) =>
            create(TensorProtoSchema, {
              name,
              dataType: type === 'int8' ? TensorProto_DataType.INT8 : TensorProto_DataType.UINT8,
              dims: [],
              int32Data: [value],
            }),
          ),
          ...Object.entries(texts).map(([name, values]) =>
            create(TensorProtoSchema, {
              name,
              dataType: TensorProto_DataType.STRING,
              dims: [BigInt(values.length)],
              stringData: values.map((text) => new TextEncoder().encode(text)),
            }),
          ),
          ...Object.entries(integers).map(([name, data]) =>
            create(TensorProtoSchema, {
              name,
              dataType: TensorProto_DataType.INT64,
              dims: [BigInt(data.length)],
              int64Data: data.map(BigInt),
            }),
          ),
        ],
        input: [valueInfo('input', input, bytes ? TensorProto_DataType.UINT8 : TensorProto_DataType.FLOAT)],
        output: outputs.map((name) => {
          if (zippedOutputs.includes(name)) return zipped(name);
          return valueInfo(name, undefined, textOutputs.includes(name) ? TensorProto_DataType.STRING : undefined);
        }),
      }),
    }),
  );

/** A 1x1 convolution to a logit for red and one for green, then the average: the class map is the colour itself. */
export const colorClassifier = (): Uint8Array =>
  buildModel({
    nodes: [
      { op: 'Conv', in: ['input', 'weight'], out: 'maps' },
      { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
      { op: 'Flatten', in: ['pooled'], out: 'logits' },
    ],
    weights: { weight: { dims: [2, 3, 1, 1], data: [1, -1, -1, -1, 1, -1] } },
  });

/** The same for pictures as bytes, which it makes numbers of by itself. */
export const byteClassifier = (): Uint8Array =>
  buildModel({
    bytes: true,
    nodes: [
      { op: 'Cast', in: ['input'], out: 'numbers', with: { to: TensorProto_DataType.FLOAT } },
      { op: 'Conv', in: ['numbers', 'weight'], out: 'maps' },
      { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
      { op: 'Flatten', in: ['pooled'], out: 'logits' },
    ],
    weights: { weight: { dims: [2, 3, 1, 1], data: [1, -1, -1, -1, 1, -1] } },
  });

/** Two convolutions that reach over all of 6 x 8 pixels, with random weights: every cell reacts to every pixel. */
export const diffuseClassifier = (): Uint8Array => {
  const random = (dims: readonly number[], seed: number) => ({
    dims,
    data: noise(
      dims.reduce((a, b) => a * b, 1),
      seed,
    ),
  });
  const pads = [5, 7, 5, 7];
  return buildModel({
    nodes: [
      { op: 'Conv', in: ['input', 'first'], out: 'mixed', with: { pads } },
      { op: 'Relu', in: ['mixed'], out: 'bent' },
      { op: 'Conv', in: ['bent', 'second'], out: 'features', with: { pads } },
      { op: 'GlobalAveragePool', in: ['features'], out: 'pooled' },
      { op: 'Flatten', in: ['pooled'], out: 'vector' },
      { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
    ],
    weights: { first: random([12, 3, 11, 15], 1), second: random([12, 12, 11, 15], 2), fc: random([12, 3], 3) },
  });
};
