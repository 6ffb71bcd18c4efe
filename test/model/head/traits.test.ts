import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../../src/model/head/traits.js';

const products = ['Gemm', 'MatMul', 'com.microsoft.FusedMatMul', 'com.microsoft.FusedGemm', 'MatMulInteger'];
const integerProducts = ['com.microsoft.QGemm', 'QLinearMatMul', 'MatMulInteger', 'com.microsoft.MatMulIntegerToFloat'];

describe('an operator knows of itself', () => {
  it.each([...products, ...integerProducts])('%s: it weighs, and mixes all positions of one vector', (op) => {
    expect(traitsOf(op)).toMatchObject({ weighs: true, mixes: 'vectors' });
  });

  it.each(['Conv', 'ConvInteger', 'QLinearConv', 'com.microsoft.FusedConv'])('%s: it weighs', (op) => {
    expect(traitsOf(op).weighs).toBe(true);
    expect(traitsOf(op).mixes).toBeUndefined();
  });

  it.each(['GlobalMaxPool', 'GlobalAveragePool', 'com.microsoft.QLinearGlobalAveragePool'])(
    '%s: it mixes all positions',
    (op) => expect(traitsOf(op).mixes).toBe('always'),
  );

  it.each([...integerProducts, 'QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear', 'ConvInteger'])(
    '%s: it works on whole numbers',
    (op) => expect(traitsOf(op).quantises).toBe(true),
  );

  it.each(['com.microsoft.QLinearAdd', 'com.microsoft.QLinearConcat', 'com.microsoft.QLinearSigmoid'])(
    '%s: it works on whole numbers and weighs nothing',
    (op) => {
      expect(traitsOf(op).quantises).toBe(true);
      expect(traitsOf(op).weighs).toBeUndefined();
    },
  );

  it.each(['Relu', 'Add', 'com.microsoft.BiasGelu', 'Unheard', 'constructor'])('%s: nothing of this', (op) => {
    const { weighs, mixes, quantises } = traitsOf(op);
    expect([weighs, mixes, quantises].some(Boolean)).toBe(false);
  });
});
