import { sizeOf } from '../../onnx/tensor.js';
import { type Call, refuse } from '../operator.js';

/** Broadcast dims of two tensors, as in ONNX and NumPy: aligned at the last axis, dims of 1 are repeated. */
export const broadcastDims = (call: Call, a: readonly number[], b: readonly number[]): number[] => {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw refuse(call.node, `whose inputs do not fit: ${a.join('x')}, ${b.join('x')}`);
    return x === 1 ? y : x;
  });
};

/** For each element of `to`, the index of the element of `from` that is broadcast to it. */
export const broadcastIndex = (from: readonly number[], to: readonly number[]): Int32Array => {
  const index = new Int32Array(sizeOf(to));
  const strides = new Array<number>(to.length).fill(0);
  let stride = 1;
  for (let i = from.length - 1; i >= 0; i--) {
    const axis = i + to.length - from.length;
    strides[axis] = from[i] === 1 ? 0 : stride;
    stride *= from[i];
  }
  const at = new Array<number>(to.length).fill(0);
  let position = 0;
  for (let out = 0; out < index.length; out++) {
    index[out] = position;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      position += strides[axis];
      if (++at[axis] < to[axis]) break;
      position -= strides[axis] * to[axis];
      at[axis] = 0;
    }
  }
  return index;
};
