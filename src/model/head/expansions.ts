import { create } from '@bufbuild/protobuf';
import { type AttributeProto, AttributeProto_AttributeType, AttributeProtoSchema } from 'onnx-buf';
import { ModelError } from '../../errors.js';
import { floatAttribute, intAttribute, type Node, textAttribute } from '../onnx/graph.js';
import { attributeProto } from '../onnx/proto.js';

/** How an operator is expanded into simpler ones. */
interface Expansion {
  /** The operator without what was fused to it, on real numbers. */
  readonly core: string;
  /** Whether it works on integers. */
  readonly quantises: boolean;
  /** The simpler operators, in the order they run. The last one gives the node's output. */
  readonly into: (node: Node) => readonly Node[];
}

type Attributes = Readonly<Record<string, number>> | ReadonlyMap<string, AttributeProto>;

const isMap = (attributes: Attributes): attributes is ReadonlyMap<string, AttributeProto> => attributes instanceof Map;

const real = (name: string, value: number): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value });

const nodeOf = (op: string, inputs: readonly string[], output: string, attributes: Attributes = {}): Node => ({
  op,
  inputs,
  outputs: [output],
  attributes: isMap(attributes)
    ? attributes
    : new Map(Object.entries(attributes).map(([name, value]) => [name, attributeProto(name, value)])),
});

/** Dequantises an input, `[value, scale, zero point]`. */
const dequantized = (inputs: readonly string[], into: string, axis?: number): Node =>
  nodeOf('DequantizeLinear', inputs, into, axis === undefined ? {} : { axis });

/** A quantised operator: dequantises the operands, applies `inner`, quantises the result. */
const quantized = (inner: string, operands: number): Expansion => ({
  core: inner,
  quantises: true,
  into: ({ inputs, outputs: [output], attributes }) => {
    // No exporter writes names like these.
    const names = Array.from({ length: operands }, (_, i) => `${output}/operand ${i}`);
    const result = inputs.slice(operands * 3, operands * 3 + 2);
    return [
      ...names.map((name, i) => dequantized(inputs.slice(i * 3, i * 3 + 3), name)),
      nodeOf(inner, names, `${output}/real`, attributes),
      nodeOf('QuantizeLinear', [`${output}/real`, ...result], output),
    ];
  },
});

/** The same with one weight scale per class. The scale of the int32 bias is the product of the input's and the weights'. */
const weighted = (
  inner: string,
  positions: { readonly bias?: number; readonly result: number },
  axisOf: (node: Node) => number,
  attributesOf: (node: Node) => Attributes,
): Expansion => ({
  core: inner,
  quantises: true,
  into: (node) => {
    const { inputs, outputs } = node;
    const [output] = outputs;
    const [a, b, bias, scale, sum] = ['a', 'b', 'bias', 'bias scale', 'real'].map((part) => `${output}/${part}`);
    const stored = positions.bias === undefined ? '' : (inputs[positions.bias] ?? '');
    const result = inputs.slice(positions.result, positions.result + 2);
    const isReal = (result[0] ?? '') === '';
    return [
      dequantized(inputs.slice(0, 3), a),
      dequantized(inputs.slice(3, 6), b, axisOf(node)),
      ...(stored === '' ? [] : [nodeOf('Mul', [inputs[1], inputs[4]], scale), dequantized([stored, scale], bias, 0)]),
      nodeOf(inner, stored === '' ? [a, b] : [a, b, bias], isReal ? output : sum, attributesOf(node)),
      ...(isReal ? [] : [nodeOf('QuantizeLinear', [sum, ...result], output)]),
    ];
  },
});

const concatenated: Expansion = {
  core: 'Concat',
  quantises: true,
  into: ({ inputs, outputs: [output], attributes }) => {
    const names = Array.from({ length: (inputs.length - 2) / 3 }, (_, i) => `${output}/operand ${i}`);
    return [
      ...names.map((name, i) => dequantized(inputs.slice(2 + i * 3, 5 + i * 3), name)),
      nodeOf('Concat', names, `${output}/real`, attributes),
      nodeOf('QuantizeLinear', [`${output}/real`, inputs[0], inputs[1]], output),
    ];
  },
};

/** Attributes of the activations that ONNX Runtime fuses into a product, in the order of `activation_params`. */
const fusedActivations: ReadonlyMap<string, readonly string[]> = new Map([
  ['Relu', []],
  ['Tanh', []],
  ['Sigmoid', []],
  ['LeakyRelu', ['alpha']],
  ['HardSigmoid', ['alpha', 'beta']],
  ['Clip', ['min', 'max']],
]);

/** The activation that ONNX Runtime fused into a product, with its attributes. */
const fusedActivation = (node: Node, from: string, to: string): Node => {
  const name = textAttribute(node, 'activation', '');
  const names = fusedActivations.get(name);
  if (names === undefined) {
    throw new ModelError('head-refused', `No class map exists: ${node.op} has the activation ${name} fused into it.`);
  }
  const listed = node.attributes.get('activation_params')?.floats;
  const given = names.flatMap((attribute, i) => {
    const value = listed?.[i] ?? floatAttribute(node, `activation_${attribute}`, Number.NaN);
    return Number.isNaN(value) ? [] : [[attribute, real(attribute, value)] as const];
  });
  return nodeOf(name, [from], to, new Map(given));
};

/** A product, what is added to it, and an activation. */
const fused = (inner: string): Expansion => ({
  core: inner,
  quantises: false,
  into: (node) => {
    const { inputs, outputs, attributes } = node;
    const [output] = outputs;
    const added = inputs[3] ?? '';
    const bent = attributes.has('activation');
    const sum = bent ? `${output}/sum` : output;
    const result = added === '' ? sum : `${output}/product`;
    const own = new Map([...attributes].filter(([name]) => !name.startsWith('activation')));
    return [
      nodeOf(inner, inputs.slice(0, 3), result, own),
      ...(added === '' ? [] : [nodeOf('Add', [result, added], sum)]),
      ...(bent ? [fusedActivation(node, sum, output)] : []),
    ];
  },
});

/** A bias, where one is given, then an activation. */
const biased = (inner: string): Expansion => ({
  core: inner,
  quantises: false,
  into: ({ inputs: [value, bias = ''], outputs: [output] }) =>
    bias === ''
      ? [nodeOf(inner, [value], output)]
      : [nodeOf('Add', [value, bias], `${output}/sum`), nodeOf(inner, [`${output}/sum`], output)],
});

/** QGemm scales its bias by alpha too. */
const gemmAttributes = (node: Node): Attributes =>
  new Map([...node.attributes, ['beta', real('beta', floatAttribute(node, 'alpha', 1))]]);

/** An operator on any number of operands, as a chain of operators on two. */
const inPairs = (op: string): Expansion => ({
  core: op,
  quantises: false,
  into: ({ inputs: [first = '', ...rest], outputs: [output] }) => {
    if (rest.length === 0) return [nodeOf('Identity', [first], output)];
    const names = rest.map((_, i) => (i === rest.length - 1 ? output : `${output}/first ${i + 2}`));
    return rest.map((input, i) => nodeOf(op, [i === 0 ? first : names[i - 1], input], names[i]));
  },
});

const entries: Readonly<Record<string, Expansion>> = {
  Max: inPairs('Max'),
  Min: inPairs('Min'),
  QLinearMatMul: weighted(
    'MatMul',
    { result: 6 },
    () => 1,
    () => ({}),
  ),
  QLinearConv: weighted(
    'Conv',
    { bias: 8, result: 6 },
    () => 0,
    ({ attributes }) => attributes,
  ),
  'com.microsoft.QGemm': weighted(
    'Gemm',
    { bias: 6, result: 7 },
    (node) => (intAttribute(node, 'transB', 0) === 0 ? 1 : 0),
    gemmAttributes,
  ),
  'com.microsoft.QLinearAdd': quantized('Add', 2),
  'com.microsoft.QLinearMul': quantized('Mul', 2),
  'com.microsoft.QLinearSigmoid': quantized('Sigmoid', 1),
  'com.microsoft.QLinearLeakyRelu': quantized('LeakyRelu', 1),
  'com.microsoft.QLinearConcat': concatenated,
  'com.microsoft.FusedGemm': fused('Gemm'),
  'com.microsoft.FusedConv': fused('Conv'),
  'com.microsoft.BiasGelu': biased('com.microsoft.Gelu'),
  'com.microsoft.FastGelu': biased('com.microsoft.FastGelu'),
};

const expansions: ReadonlyMap<string, Expansion> = new Map(Object.entries(entries));

/** The simpler nodes that a node is expanded into, or the node itself. */
export const expand = (node: Node): readonly Node[] => expansions.get(node.op)?.into(node) ?? [node];

/** The operator without what was fused to it, and whether it works on integers. */
export const coreOf = (op: string): Pick<Expansion, 'core' | 'quantises'> =>
  expansions.get(op) ?? { core: op, quantises: false };
