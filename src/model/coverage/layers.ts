import { type Graph, intAttribute, intsAttribute, type Node } from '../onnx/graph.js';
import { isPosition, joinedPositions, type Positions, withSpans } from './positions.js';
import { reshaped } from './reshape.js';
import { type Known, type Numbers, numbersOf } from './shapes.js';
import { padded, resized, type Span, sliced, windowed } from './span.js';
import { afterWindows } from './windows.js';

/** A layer, and the positions of the tensors that it reads. */
interface Layer {
  readonly graph: Graph;
  readonly node: Node;
  /** The operator's name without its domain. */
  readonly op: string;
  readonly known: Known;
}

/** Positions of a layer's outputs, or undefined where they are not known. */
type Rule = (layer: Layer, first: Positions) => Positions | undefined;

const listOf = ({ graph, node, known }: Layer, input: number, attribute: string): Numbers | undefined =>
  intsAttribute(node, attribute) ?? numbersOf(graph, node.inputs[input], known);

/** Applies a change to the span of each axis. */
const alongAxes = (positions: Positions, change: (span: Span, axis: number) => Span | undefined) => {
  const { row, column, rows, columns } = positions;
  return row === column ? undefined : withSpans(positions, change(rows, row), change(columns, column));
};

const joinAll: Rule = ({ node, known }) => joinedPositions(node.inputs.map(known));

const unlessAlong =
  (axisOf: (layer: Layer) => number, rule: Rule): Rule =>
  (layer, first) =>
    isPosition(first, axisOf(layer)) ? undefined : rule(layer, first);

const keep: Rule = (_, first) => first;

const transpose: Rule = ({ node }, first) => {
  const axes = intsAttribute(node, 'perm') ?? Array.from({ length: first.rank }, (_, i) => first.rank - 1 - i);
  return { ...first, row: axes.indexOf(first.row), column: axes.indexOf(first.column) };
};

const reshape: Rule = (layer, first) => {
  const target = listOf(layer, 1, 'shape');
  return target && reshaped(first, target);
};

/** A matrix product: cells keep their place, unless the product sums over their axis. */
const multiply: Rule = ({ node, op, known }, first) => {
  const second = node.inputs[op === 'QLinearMatMul' ? 3 : 1];
  const [left, right] = [known(node.inputs[0]), known(second)];
  if (left !== undefined) return isPosition(left, -1) ? undefined : left;
  return right === undefined || isPosition(first, -2) ? undefined : right;
};

const pad: Rule = (layer, first) => {
  const { rank } = first;
  const [pads, axes] = [listOf(layer, 1, 'pads'), numbersOf(layer.graph, layer.node.inputs[3], layer.known)];
  if (pads === undefined || pads.length !== 2 * rank || axes !== undefined) return undefined;
  return alongAxes(first, (span, axis) => {
    const [before, after] = [pads[axis], pads[axis + rank]];
    return before === undefined || after === undefined ? undefined : padded(span, before, after);
  });
};

const slice: Rule = (layer, first) => {
  const starts = listOf(layer, 1, 'starts');
  const ends = listOf(layer, 2, 'ends');
  const axes = listOf(layer, 3, 'axes') ?? starts?.map((_, i) => i);
  const steps = listOf(layer, 4, 'steps') ?? starts?.map(() => 1);
  if (starts === undefined || ends === undefined) return undefined;
  const order = axes?.map((axis) => (axis !== undefined && axis < 0 ? axis + first.rank : axis));
  if (order === undefined || order.includes(undefined)) return undefined;
  if (!order.some((axis) => axis !== undefined && isPosition(first, axis))) return first;
  return alongAxes(first, (span, axis) => {
    const at = order.indexOf(axis);
    if (at === -1) return span;
    const [start, end, step] = [starts[at], ends[at], steps?.[at]];
    if (start === undefined || end === undefined || step === undefined) return undefined;
    const edge = (index: number) => Math.min(span.cells, Math.max(0, index < 0 ? index + span.cells : index));
    return sliced(span, edge(start), edge(end), step);
  });
};

const gather: Rule = ({ graph, node }, first) =>
  graph.constant(node.inputs[1])?.dims.length === 1 ? first : undefined;

const blocks: Rule = ({ node, op }, first) => {
  const size = intAttribute(node, 'blocksize', 1);
  const block = { kernel: size, stride: size, before: 0, after: 0, count: 'floor' } as const;
  if (first.rank !== 4 || first.row !== 2 || first.column !== 3) return undefined;
  return alongAxes(first, (span) => (op === 'SpaceToDepth' ? windowed(span, block) : resized(span, span.cells * size)));
};

const resize: Rule = (layer, first) => {
  const { graph, node, op, known } = layer;
  // Not followed: a Resize of some axes only, or one that keeps the aspect ratio.
  if (['axes', 'keep_aspect_ratio_policy'].some((name) => node.attributes.has(name))) return undefined;
  const mode = node.attributes.get('coordinate_transformation_mode');
  if (mode !== undefined && new TextDecoder().decode(mode.s) === 'tf_crop_and_resize') return undefined;
  const sizes = op === 'Resize' ? numbersOf(graph, node.inputs[3], known) : undefined;
  const scales = op === 'Resize' && node.inputs.length > 2 ? numbersOf(graph, node.inputs[2], known) : undefined;
  const factors = scales ?? numbersOf(graph, node.inputs[1], known);
  return alongAxes(first, (span, axis) => {
    const factor = factors?.[axis];
    const cells = sizes?.[axis] ?? (factor === undefined ? undefined : Math.floor(span.cells * factor));
    return cells === undefined ? undefined : resized(span, cells);
  });
};

const axisAttribute = ({ node }: Layer, fallback: number): number => intAttribute(node, 'axis', fallback);

const windows: Rule = ({ graph, node, op }, first) => afterWindows(graph, node, op, first);

const named = (names: string, rule: Rule): readonly (readonly [string, Rule])[] =>
  names.split(' ').map((name) => [name, rule]);

// Global pools and reductions are left out: nothing downstream of them has positions.
const rules: ReadonlyMap<string, Rule> = new Map([
  ...named('Conv FusedConv NhwcFusedConv QLinearConv ConvInteger', windows),
  ...named('MaxPool AveragePool LpPool QLinearAveragePool NhwcMaxPool', windows),
  ...named('Add Sub Mul Div Pow Sum Mean Max Min Where PRelu Mod And Or Not Equal Greater Less', joinAll),
  ...named('QLinearAdd QLinearMul SkipLayerNormalization SkipGroupNorm BiasAdd BiasGelu', joinAll),
  ...named(
    'Relu LeakyRelu Elu Selu Celu Clip Sigmoid HardSigmoid HardSwish Swish Tanh Softplus Softsign Mish Gelu',
    keep,
  ),
  ...named('ThresholdedRelu FastGelu QuickGelu QLinearSigmoid QLinearLeakyRelu QLinearSoftmax', keep),
  ...named('Erf Exp Log Sqrt Reciprocal Neg Abs Sign Floor Ceil Round Sin Cos Identity Cast CastLike Dropout', keep),
  ...named('BatchNormalization InstanceNormalization LayerNormalization SimplifiedLayerNormalization', keep),
  ...named('GroupNormalization GroupNorm RMSNormalization MeanVarianceNormalization LpNormalization LRN', keep),
  ...named('QuantizeLinear DequantizeLinear DynamicQuantizeLinear Softmax LogSoftmax Hardmax', keep),
  ...named(
    'Concat QLinearConcat',
    unlessAlong((layer) => axisAttribute(layer, 1), joinAll),
  ),
  ...named(
    'Split',
    unlessAlong((layer) => axisAttribute(layer, 0), keep),
  ),
  ...named(
    'Gather',
    unlessAlong((layer) => axisAttribute(layer, 0), gather),
  ),
  ...named('MatMul FusedMatMul QLinearMatMul MatMulInteger MatMulIntegerToFloat DynamicQuantizeMatMul', multiply),
  ...named('Transpose', transpose),
  ...named('Reshape', reshape),
  ...named('Pad', pad),
  ...named('Slice', slice),
  ...named('SpaceToDepth DepthToSpace', blocks),
  ...named('Resize Upsample', resize),
]);

/** Positions of a node's outputs. Undefined where no input has any, or the operator is not followed. */
export const positionsAfter = (graph: Graph, node: Node, known: Known): Positions | undefined => {
  const op = node.op.replace(/^com\.microsoft\./, '');
  const first = node.inputs.map(known).find((positions) => positions !== undefined);
  return first && rules.get(op)?.({ graph, node, op, known }, first);
};
