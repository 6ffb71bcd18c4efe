import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from 'onnx-buf';
import { attributeProto, floatTensor, integerTensor, nodeProto, valueInfo } from '../../../src/model/onnx/proto.js';
import { numberIn, shortIn, spoiled, textIn, wholeIn } from './hostile.js';
import { nested } from './nested.js';
import type { Random } from './random.js';

/** ONNX files that are changed by their structure: most of each is still a network. */

interface Mutation {
  readonly model: ModelProto;
  readonly graph: GraphProto;
  readonly random: Random;
  readonly folder: string;
}

const operators = [
  'GlobalAveragePool',
  'ReduceMean',
  'Flatten',
  'Reshape',
  'Gemm',
  'MatMul',
  'Conv',
  'Transpose',
  'Slice',
]
  .concat(['Concat', 'Gather', 'Expand', 'Constant', 'ConstantOfShape', 'Shape', 'Range', 'Tile', 'Pad', 'Resize'])
  .concat([
    'Softmax',
    'Sigmoid',
    'Identity',
    'LayerNormalization',
    'QuantizeLinear',
    'DequantizeLinear',
    'Split',
    'TopK',
  ])
  .concat([
    'Loop',
    'If',
    'Scan',
    'Squeeze',
    'Unsqueeze',
    'Cast',
    'AveragePool',
    'Div',
    'Pow',
    'Erf',
    'OneHot',
    'Nothing',
    '',
  ]);

const tensorIn = ({ graph, random }: Mutation): TensorProto | undefined => {
  const attributes = graph.node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => t ?? []));
  const all = [...graph.initializer, ...attributes];
  return all.length === 0 ? undefined : random.pick(all);
};

const nodeIn = ({ graph, random }: Mutation): NodeProto =>
  graph.node.length === 0 ? nodeProto('Identity', ['input'], ['logits']) : random.pick(graph.node);

/** Mostly the name of a tensor of the network, so that edges lead anywhere, round in circles too. */
const nameIn = ({ graph, random, folder }: Mutation): string => {
  const names = graph.node.flatMap(({ input, output }) => [...input, ...output]);
  return names.length === 0 || random.chance(0.1) ? textIn(random, folder) : random.pick(names);
};

/** Changes one item of a list, takes it away, or adds one. */
const inList = <T>(list: T[], fresh: () => T, random: Random): void => {
  const at = random.below(list.length + 1);
  if (at === list.length) list.push(fresh());
  else if (random.chance(0.3)) list.splice(at, 1);
  else if (random.chance(0.2)) list.push(list[at]);
  else list[at] = fresh();
};

const dims = (mutation: Mutation): void => {
  const tensor = tensorIn(mutation);
  if (tensor === undefined) return;
  if (mutation.random.chance(0.2)) tensor.dims.reverse();
  else inList(tensor.dims, () => wholeIn(mutation.random), mutation.random);
};

const data = (mutation: Mutation): void => {
  const tensor = tensorIn(mutation);
  const { random } = mutation;
  if (tensor === undefined) return;
  const kind = random.below(4);
  if (kind === 0) tensor.dataType = random.chance(0.8) ? random.below(26) : shortIn(random);
  else if (kind === 1) tensor.rawData = Uint8Array.from(spoiled(tensor.rawData, random));
  else if (kind === 2) tensor.floatData = [numberIn(random), numberIn(random)].map(Math.fround);
  else tensor.rawData = tensor.rawData.map((byte) => (random.chance(0.05) ? random.pick([0, 0x7f, 0x80, 0xff]) : byte));
};

const external = (mutation: Mutation): void => {
  const tensor = tensorIn(mutation);
  const { random, folder } = mutation;
  if (tensor === undefined) return;
  const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
  if (tensor.externalData.length > 0 && random.chance(0.7)) {
    const { key } = random.pick(tensor.externalData);
    const value = random.chance(0.5) ? textIn(random, folder) : `${wholeIn(random)}`;
    inList(tensor.externalData, () => entry(key, value), random);
    return;
  }
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.externalData = [
    entry('location', random.chance(0.5) ? 'model.onnx' : textIn(random, folder)),
    ...(random.chance(0.7) ? [entry('offset', `${wholeIn(random)}`)] : []),
    ...(random.chance(0.7) ? [entry('length', `${wholeIn(random)}`)] : []),
  ];
};

const attribute = (mutation: Mutation): void => {
  const { random, folder } = mutation;
  const { attribute: list } = nodeIn(mutation);
  const fresh = () => {
    const name = random.pick(['axis', 'axes', 'kernel_shape', 'pads', 'strides', 'dilations', 'group', 'perm', 'to']);
    return attributeProto(name, random.chance(0.5) ? shortIn(random) : [shortIn(random), shortIn(random)]);
  };
  if (list.length === 0 || random.chance(0.2)) {
    inList(list, fresh, random);
    return;
  }
  const one = random.pick(list);
  const kind = random.below(6);
  if (kind === 0) one.name = random.chance(0.5) ? fresh().name : textIn(random, folder);
  else if (kind === 1) one.type = random.below(16);
  else if (kind === 2) inList(one.ints, () => wholeIn(random), random);
  else if (kind === 3) one.i = wholeIn(random);
  else if (kind === 4) one.f = Math.fround(numberIn(random));
  else list[random.below(list.length)] = create(AttributeProtoSchema, { name: one.name, s: Buffer.from('x') });
};

const operator = (mutation: Mutation): void => {
  const node = nodeIn(mutation);
  const { random, folder } = mutation;
  if (random.chance(0.2)) node.domain = random.pick(['com.microsoft', 'ai.onnx', 'ai.onnx.ml', textIn(random, folder)]);
  else node.opType = random.pick(operators);
};

const edge = (mutation: Mutation): void => {
  const { random } = mutation;
  const { input, output } = nodeIn(mutation);
  inList(random.chance(0.7) ? input : output, () => nameIn(mutation), random);
};

const order = ({ graph, random }: Mutation): void => {
  const kind = random.below(4);
  if (kind === 0) graph.node.reverse();
  else if (kind === 1) graph.node.splice(random.below(graph.node.length + 1), 1);
  else if (kind === 2) graph.node.push(...graph.node.slice(random.below(graph.node.length + 1)));
  else graph.initializer.splice(random.below(graph.initializer.length + 1), 1);
};

const inserted = (mutation: Mutation): void => {
  const { graph, random } = mutation;
  const node = nodeIn(mutation);
  if (node.input.length === 0) return;
  const at = random.below(node.input.length);
  const name = `fresh ${graph.node.length}`;
  const shape = `shape ${graph.initializer.length}`;
  const large = random.pick([1, 16, 300, 2 ** 15, 2 ** 20]);
  graph.initializer.push(integerTensor(shape, [4], [1, random.pick([1, 3]), large, large]));
  const op = random.pick(['Expand', 'Tile', 'Reshape', 'Identity', 'ConstantOfShape', 'Neg']);
  const inputs = op === 'ConstantOfShape' ? [shape] : op === 'Neg' ? [node.input[at]] : [node.input[at], shape];
  graph.node.splice(random.below(graph.node.length + 1), 0, nodeProto(op, inputs, [name]));
  node.input[at] = name;
};

const { FLOAT, UINT8, INT64, STRING, FLOAT16 } = TensorProto_DataType;
const elementTypes = [FLOAT, FLOAT, UINT8, INT64, STRING, FLOAT16];

const ends = (mutation: Mutation): void => {
  const { graph, random, folder } = mutation;
  const list = random.chance(0.6) ? graph.input : graph.output;
  const fresh = () =>
    valueInfo(
      nameIn(mutation),
      random.pick(elementTypes),
      Array.from({ length: random.below(6) }, () => (random.chance(0.3) ? 'n' : shortIn(random))),
    );
  const one = list.length === 0 ? fresh() : random.pick(list);
  const tensor = one.type?.value.case === 'tensorType' ? one.type.value.value : undefined;
  const dim = tensor?.shape?.dim ?? [];
  const kind = random.below(4);
  if (kind === 0) inList(list, fresh, random);
  else if (kind === 1) one.name = random.chance(0.5) ? nameIn(mutation) : textIn(random, folder);
  else if (kind === 2 && tensor !== undefined) tensor.elemType = random.below(20);
  else if (dim.length > 0) random.pick(dim).value = { case: 'dimValue', value: wholeIn(random) };
};

const head = ({ model, graph, random, folder }: Mutation): void => {
  const kind = random.below(4);
  const entry = { key: random.pick(['names', 'imgsz', 'stride', 'task', '']), value: textIn(random, folder) };
  if (kind === 0) for (const opset of model.opsetImport) opset.version = random.pick([...Array(26).keys()].map(BigInt));
  else if (kind === 1) model.metadataProps.push(create(StringStringEntryProtoSchema, entry));
  else if (kind === 2) model.irVersion = wholeIn(random);
  else graph.initializer.push(floatTensor(nodeIn({ model, graph, random, folder }).output[0] ?? '', [1], [1]));
};

const mutations = [
  dims,
  dims,
  data,
  data,
  external,
  attribute,
  attribute,
  operator,
  edge,
  edge,
  order,
  inserted,
  ends,
  ends,
  head,
];

/**
 * One ONNX file from another.
 * @param folder of the case, to which hostile paths lead.
 */
export const mutateModel = (bytes: Uint8Array, random: Random, folder: string): Uint8Array => {
  if (random.chance(0.1)) return spoiled(bytes, random);
  if (random.chance(0.02)) return Buffer.concat([bytes, nested(random.pick([50, 200, 1000, 4000]))]);
  const model = fromBinary(ModelProtoSchema, bytes);
  const { graph } = model;
  if (graph === undefined) return bytes;
  // One change is what most often leaves a network that can be run, and so tries what comes after the reading.
  const changes = random.chance(0.6) ? 1 : 2 + random.below(3);
  for (let left = changes; left > 0; left--) random.pick(mutations)({ model, graph, random, folder });
  return toBinary(ModelProtoSchema, model);
};
