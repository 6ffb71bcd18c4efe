import { TensorProto_DataType } from 'onnx-buf';
import type { Writer } from './writer.js';

/** Writes a cast to float32. @returns the result's name. */
export const asFloat32 = (writer: Writer, x: string): string =>
  writer.node('Cast', [x], { to: TensorProto_DataType.FLOAT });

/** Writes a reduction over axes that stay as 1; since opset 18 the axes are an input. @returns the result's name. */
export const writeReduced = (
  writer: Writer,
  opset: number,
  op: 'ReduceMean' | 'ReduceMax',
  x: string,
  axes: readonly number[],
): string =>
  opset < 18
    ? writer.node(op, [x], { axes, keepdims: 1 })
    : writer.node(op, [x, writer.integers(axes)], { keepdims: 1 });
