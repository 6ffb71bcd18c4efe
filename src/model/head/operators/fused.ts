import { floatAttribute, intAttribute, textAttribute } from '../../graph.js';
import type { Tensor } from '../../tensor.js';
import { activation, atLeast, type Call, type Operator, refuse, required } from '../operator.js';
import { activations, fastGelu } from './activation.js';
import { arithmetic } from './arithmetic.js';
import { contractions, matMulOperator } from './contraction.js';

/** Two operators in a row as one: `first` on all inputs, then `second` on its result. */
const chain = (first: Operator, secondOf: (call: Call) => Operator | undefined): Operator => {
  const after = (call: Call, value: Tensor): Call => ({
    ...call,
    inputs: [value],
    statuses: [first.status?.(call) ?? 'constant'],
  });
  return {
    evaluate: (call) => {
      const value = first.evaluate(call);
      return secondOf(call)?.evaluate(after(call, value)) ?? value;
    },
    status: (call) => {
      const status = first.status?.(call) ?? 'constant';
      return secondOf(call) === undefined ? status : atLeast('first-order', status);
    },
    pullBack: (call, output, gradient) => {
      const second = secondOf(call);
      const middle = second?.pullBack?.(after(call, first.evaluate(call)), output, gradient)[0] ?? gradient;
      return first.pullBack?.(call, output, middle) ?? [];
    },
    tangent: ({ node }) => {
      throw refuse(node, 'an operator of an optimised model, which an exported one cannot carry a map through');
    },
  };
};

/** The activation that ONNX Runtime fused into a product. */
const fusedActivation = ({ node }: Call): Operator | undefined => {
  const name = textAttribute(node, 'activation', '');
  if (name === '') return undefined;
  const operator = ['Relu', 'Tanh', 'Sigmoid'].includes(name) ? activations[name] : undefined;
  if (operator === undefined) throw refuse(node, `with the activation ${name} fused into it`);
  return operator;
};

const fusedConv = chain(contractions.Conv, fusedActivation);

/** Bias, then an activation. */
const biased = (curve: Operator): Operator => {
  const sum: Operator = {
    ...arithmetic.Add,
    evaluate: (call) => (call.inputs[1] === undefined ? required(call, 0) : arithmetic.Add.evaluate(call)),
    status: activation,
    pullBack: (call, output, gradient) =>
      call.inputs[1] === undefined ? [gradient] : (arithmetic.Add.pullBack?.(call, output, gradient) ?? []),
  };
  return chain(sum, () => curve);
};

/** Operators that ONNX Runtime writes when it saves an optimised model. */
export const fusions: Readonly<Record<string, Operator>> = {
  'com.microsoft.FusedGemm': chain(contractions.Gemm, fusedActivation),
  'com.microsoft.FusedConv': {
    ...fusedConv,
    status: (call) => {
      if (call.inputs[3] !== undefined) throw refuse(call.node, 'with a sum fused into it');
      return fusedConv.status?.(call) ?? 'constant';
    },
  },
  'com.microsoft.FusedMatMul': matMulOperator(({ node }) => ({
    scale: floatAttribute(node, 'alpha', 1),
    transA: intAttribute(node, 'transA', 0) !== 0,
    transB: intAttribute(node, 'transB', 0) !== 0,
  })),
  'com.microsoft.BiasGelu': biased(activations.Gelu),
  'com.microsoft.FastGelu': biased(fastGelu),
};
