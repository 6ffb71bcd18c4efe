import { ModelError } from '../../../errors.js';
import { readTensor, sizeOf, type Tensor } from '../../onnx/tensor.js';
import { type Call, type Operator, refuse, required } from '../operator.js';
import { ofConstants } from './pointwise.js';

const ofEach = (value: (x: number) => number): Operator => ({
  evaluate: (call) => ({ ...required(call, 0), data: required(call, 0).data.map(value) }),
});

const range = (call: Call): Tensor => {
  const [start, limit, delta] = [0, 1, 2].map((i) => required(call, i).data[0]);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!(count < 2 ** 24)) throw refuse(call.node, `of ${count} numbers`);
  return { dims: [count], data: Float64Array.from({ length: count }, (_, i) => start + i * delta) };
};

const constantOfShape = (call: Call): Tensor => {
  const dims = Array.from(required(call, 0).data);
  if (!(sizeOf(dims) < 2 ** 24)) throw refuse(call.node, `of ${dims.join('x')} numbers`);
  const given = call.node.attributes.get('value')?.t;
  const fill = given === undefined ? 0 : readTensor(given, besideNothing).data[0];
  return { dims, data: new Float64Array(sizeOf(dims)).fill(fill) };
};

const besideNothing = (): never => {
  throw new ModelError('malformed-tensor', 'A single number in the model is kept in a second file.');
};

const product = (call: Call): Tensor => ({
  dims: [],
  data: Float64Array.of(sizeOf(Array.from(required(call, 0).data))),
});

/** Operators understood for constants only. Exporters use them to compute sizes. */
export const shapeArithmetic: Readonly<Record<string, Operator>> = {
  Range: { evaluate: range },
  ConstantOfShape: { evaluate: constantOfShape },
  ReduceProd: { evaluate: product },
  Equal: ofConstants((a, b) => Number(a === b)),
  Mod: ofConstants((a, b) => a - b * Math.floor(a / b)),
  Floor: ofEach(Math.floor),
  Ceil: ofEach(Math.ceil),
};
