import { gridBefore, reshapedUpstream } from '../../grid.js';
import { type Graph, intsAttribute, type Node } from '../../onnx/graph.js';
import { sizeOf } from '../../onnx/tensor.js';
import { type Axes, axesOf, type DimsOf, type Pool, type PoolCandidate, type PoolPart } from './pool.js';

const reshapes = new Set(['Flatten', 'Reshape']);
const products = new Set(['MatMul', 'Gemm']);

/** The input of an operation that depends on the photo, where all others are stored in the model. */
const photoInput = (graph: Graph, { op, inputs }: Node): string | undefined => {
  if (reshapes.has(op)) return inputs[0];
  const varying = inputs.filter((name) => name !== '' && !graph.isConstant(name));
  return varying.length === 1 && inputs.indexOf(varying[0]) < (products.has(op) ? 2 : 1) ? varying[0] : undefined;
};

// Layers of other operators than these leave the axes where they are.
const channelsFirst =
  /^(Conv|ConvTranspose|(Global)?(Max|Average|Lp)Pool|BatchNormalization|InstanceNormalization|Resize)$/;

/** The axis of the channels in a map of rows and columns, followed back to a layer that is sure to know it. */
const channelAxisOf = (graph: Graph, featureMap: string, dims: readonly number[]): number => {
  const moves: (readonly number[])[] = [];
  let axis = graph.inputs[0]?.dims.at(-1) === dims.at(-1) && dims.length === 4 && dims[3] <= 4 ? 3 : 1;
  for (let name = featureMap; ; ) {
    const node = graph.producers.get(name);
    if (node === undefined) break;
    if (channelsFirst.test(node.op)) axis = 1;
    if (/(^|\.)Nhwc/.test(node.op)) axis = 3;
    if (channelsFirst.test(node.op) || /(^|\.)Nhwc/.test(node.op)) break;
    if (node.op === 'Transpose') moves.push(intsAttribute(node, 'perm') ?? [3, 2, 1, 0]);
    name = node.inputs.find((input) => input !== '' && !graph.isConstant(input)) ?? '';
  }
  for (const perm of moves.toReversed()) axis = perm.indexOf(axis);
  return axis;
};

/** The axes of tokens. Only a map that was reshaped upstream tells which of them are the positions. */
const tokenAxes = (dims: readonly number[], reshaped: readonly (readonly number[])[]): Axes | undefined => {
  const fits = (positions: number, channels: number) =>
    reshaped.some((source) => gridBefore(source, dims[positions], dims[channels]) !== undefined);
  const [second, last] = [fits(1, 2), fits(2, 1)];
  return second === last ? undefined : axesOf(dims, second ? 2 : 1);
};

/** Whether the operation sees all positions at once. */
const mixesAll = ({ op, inputs, outputs }: Node, featureMap: string, axes: Axes, dimsOf: DimsOf): boolean => {
  const { dims, positionAxes } = axes;
  const out = dimsOf(outputs[0]);
  if (reshapes.has(op)) return out.slice(1).includes(sizeOf(dims.slice(1)));
  if (op === 'Conv') return out.slice(2).every((size) => size === 1);
  // A product sums over the last axis of its first factor, and the last but one of its second.
  const summed = dims.length - (inputs[0] === featureMap ? 1 : 2);
  return positionAxes.length === 1 && positionAxes[0] === summed;
};

/**
 * No pool: the layer downstream has weights of its own for each cell, as a flatten and a linear layer, a convolution as
 * large as the map, and a product with a stored column of weights, one a cell. The head begins with that layer.
 */
export const own: Pool = {
  candidates: (graph, _, passed) =>
    passed.flatMap((node): PoolCandidate[] => {
      const featureMap = [...reshapes, ...products, 'Conv'].includes(node.op) ? photoInput(graph, node) : undefined;
      // A layer right on the photo's pixels would have pixels for cells, which the runtime does not give out.
      if (featureMap === undefined || !graph.producers.has(featureMap)) return [];
      const needs = [node.outputs[0], ...reshapedUpstream(graph, featureMap)];
      return [{ pool: own, graph, nodes: [node], featureMap, pooled: featureMap, needs }];
    }),
  recognise: ({ graph, nodes: [node], featureMap, needs }, dimsOf) => {
    const dims = dimsOf(featureMap);
    const axes =
      dims.length === 4
        ? axesOf(dims, channelAxisOf(graph, featureMap, dims))
        : dims.length === 3
          ? tokenAxes(dims, needs.slice(1).map(dimsOf))
          : undefined;
    if (axes === undefined || !mixesAll(node, featureMap, axes, dimsOf)) {
      return { kind: 'none' };
    }
    if (axes.positionAxes.every((axis) => dims[axis] === 1)) return { kind: 'none' };
    const part: PoolPart = {
      ...{ operators: [], pooled: featureMap, pooledDims: dims, length: sizeOf(dims.slice(1)), scale: 1 },
      ...{ quantizer: undefined, coefficientsInWords: 'weights of its own for each cell', held: undefined, needs: [] },
      isOwn: true,
      coefficients: () => ({ kind: 'own' }),
    };
    return { kind: 'pool', axes, part };
  },
};
