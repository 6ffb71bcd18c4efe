import { type Graph, intsAttribute, type Node } from '../../onnx/graph.js';
import { sizeOf } from '../../onnx/tensor.js';
import { mapAxes, neededForAxes } from './map-axes.js';
import type { Axes, DimsOf, Pool, PoolCandidate, PoolPart } from './pool.js';
import { offZero } from './zero-point.js';

const reshapes = new Set(['Flatten', 'Reshape']);
const products = new Set(['MatMul', 'Gemm']);

/** A convolution that may be as large as its input: it has no borders, and is larger than one cell. */
const mayBeWhole = (graph: Graph, node: Node): boolean =>
  node.op === 'Conv' &&
  (intsAttribute(node, 'pads') ?? []).every((pad) => pad === 0) &&
  // The size may be left out, as the weights have it.
  (intsAttribute(node, 'kernel_shape') ?? graph.constant(node.inputs[1])?.dims.slice(2) ?? []).some((size) => size > 1);

/** The input of an operation that depends on the photo, where all others are stored in the model. */
const photoInput = (graph: Graph, { op, inputs }: Node): string | undefined => {
  if (reshapes.has(op)) return inputs[0];
  const varying = inputs.filter((name) => name !== '' && !graph.isConstant(name));
  return varying.length === 1 && inputs.indexOf(varying[0]) < (products.has(op) ? 2 : 1) ? varying[0] : undefined;
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
      const isLayer = reshapes.has(node.op) || products.has(node.op) || mayBeWhole(graph, node);
      const featureMap = isLayer ? photoInput(graph, node) : undefined;
      // A layer right on the photo's pixels would have pixels for cells, which the runtime does not give out.
      if (featureMap === undefined || !graph.producers.has(featureMap)) return [];
      const needs = [node.outputs[0], ...neededForAxes(graph, featureMap)];
      return [{ pool: own, graph, nodes: [node], featureMap, pooled: featureMap, needs }];
    }),
  recognise: ({ graph, nodes: [node], featureMap }, dimsOf) => {
    const dims = dimsOf(featureMap);
    const axes = mapAxes(graph, featureMap, dimsOf);
    if (axes === undefined || !mixesAll(node, featureMap, axes, dimsOf)) return { kind: 'none' };
    if (axes.positionAxes.every((axis) => dims[axis] === 1)) return { kind: 'none' };
    const off = offZero(graph, featureMap);
    if (off !== undefined) return off;
    const part: PoolPart = {
      ...{ operators: [], pooled: featureMap, pooledDims: dims, length: sizeOf(dims.slice(1)), scale: 1 },
      ...{ quantizer: undefined, coefficientsInWords: 'weights of its own for each cell', held: undefined, needs: [] },
      isOwn: true,
      coefficients: () => ({ kind: 'own' }),
    };
    return { kind: 'pool', axes, part };
  },
};
