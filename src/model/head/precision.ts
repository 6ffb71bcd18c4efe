import { TensorProto_DataType as Type } from 'onnx-buf';
import type { Precision } from '../../maps/residual.js';
import { type Graph, intAttribute } from '../onnx/graph.js';
import type { Fetched } from '../runtime/session.js';
import type { Head } from './head.js';
import { traitsOf } from './traits.js';

/**
 * The coarsest arithmetic on the way to the logits. Quantised operators count anywhere in the network, float16 only from
 * the feature map on.
 * @param ends the feature map and the logits.
 */
export const precisionOf = (graph: Graph, { steps }: Head, ends: readonly Fetched[]): Precision => {
  const isCast = ({ node }: Head['steps'][number]) =>
    node.op === 'Cast' && intAttribute(node, 'to', Type.FLOAT) === Type.FLOAT16;
  if (ends.some(({ type }) => type === 'float16') || steps.some(isCast)) return 'float16';
  return [...graph.producers.values()].some(({ op }) => traitsOf(op).quantises) ? 'int8' : 'float32';
};
