import { coreOf } from './expansions.js';
import type { Traits } from './operator.js';
import { operators } from './operators/index.js';

/** Operators that a head cannot have, but that may be upstream of its feature map. */
const upstream: ReadonlyMap<string, Traits> = new Map<string, Traits>(
  Object.entries({
    Einsum: { mixes: 'vectors' },
    GlobalLpPool: { mixes: 'always' },
    'com.microsoft.QLinearGlobalAveragePool': { mixes: 'always', quantises: true },
    'com.microsoft.QLinearAveragePool': { quantises: true },
    'com.microsoft.QLinearReduceMean': { quantises: true },
    'com.microsoft.QLinearSoftmax': { quantises: true },
    'com.microsoft.MatMulIntegerToFloat': { mixes: 'vectors', weighs: true, quantises: true },
    'com.microsoft.DynamicQuantizeMatMul': { mixes: 'vectors', weighs: true, quantises: true },
    'com.microsoft.DynamicQuantizeLSTM': { quantises: true },
    'com.microsoft.QuantizeLinear': { quantises: true },
    'com.microsoft.DequantizeLinear': { quantises: true },
    'com.microsoft.QLinearConv': { quantises: true },
  }),
);

const none: Traits = {};

/** An operator's own traits, with those of the operator that it was fused or quantised from. */
export const traitsOf = (op: string): Traits => {
  const { core, quantises } = coreOf(op);
  const own: Traits = operators.get(core) ?? upstream.get(core) ?? none;
  return quantises ? { mixes: own.mixes, weighs: own.weighs, quantises } : own;
};
