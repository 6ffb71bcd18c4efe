import { sizeOf } from '../../onnx/tensor.js';
import { type Operator, refuse, required } from '../operator.js';
import { same } from './rearrangement.js';

const ofOneCell: Operator = {
  ...same,
  evaluate: ({ node, ...call }) => {
    const value = required({ node, ...call }, 0);
    if (sizeOf(value.dims.slice(2)) !== 1) throw refuse(node, `over ${value.dims.join('x')}`);
    return value;
  },
  mixes: 'always',
};

/** Global pools in a head, as downstream of a convolution over the whole map: there is one cell, and it is the result. */
export const poolsOfOneCell: Readonly<Record<string, Operator>> = {
  GlobalAveragePool: ofOneCell,
  GlobalMaxPool: ofOneCell,
};
