import { type Graph, intAttribute, intsAttribute, type Node } from '../../onnx/graph.js';
import { traitsOf } from '../traits.js';
import { ancestorsOf } from '../walk.js';
import { type Axes, axesOf, type DimsOf } from './pool.js';
import { reductionAxes } from './reduction.js';

/**
 * What an axis of a tensor is: the batch, channels, rows, columns, positions (rows and columns in one), or groups that the
 * channels were split into, or one element.
 */
type Axis = 'batch' | 'channels' | 'groups' | 'rows' | 'columns' | 'positions';

// Layers that know their axes: the channels are on the second, or on the last where the name says so.
const spatial =
  /^(.*\.)?(Nhwc|QLinear)?(Fused)?(Conv|ConvTranspose|(Global)?(Max|Average|Lp)Pool|Resize|BatchNormalization)$/;
const moving = new Set([
  'Reshape',
  'Flatten',
  'Transpose',
  'MatMul',
  'Einsum',
  'Concat',
  'Gather',
  'Slice',
  'Split',
  'Squeeze',
  'Unsqueeze',
]);

// A reshape further upstream than these does not concern the axes here.
const RESHAPES = 6;

const reshapesUpstream = (graph: Graph, tensor: string): readonly Node[] =>
  ancestorsOf(graph, tensor, graph.isConstant)
    .toReversed()
    .filter(({ op }) => op === 'Reshape' || op === 'Flatten')
    .slice(0, RESHAPES);

/** Names of the tensors whose dims `mapAxes` needs. */
export const neededForAxes = (graph: Graph, tensor: string): readonly string[] =>
  reshapesUpstream(graph, tensor).flatMap(({ inputs, outputs }) => [inputs[0], outputs[0]]);

/** The axes downstream of a reshape that makes one axis of rows and columns, or two of the channels that are last. */
const joined = (axes: readonly Axis[], from: readonly number[], to: readonly number[]): readonly Axis[] | undefined => {
  if (from.length > 0 && from.join() === to.join()) return axes;
  if (from.length !== axes.length) return undefined;
  const rest = from.length - 1;
  if (
    axes[rest] === 'channels' &&
    to.length === from.length + 1 &&
    from.slice(0, rest).join() === to.slice(0, rest).join()
  )
    return [...axes.slice(0, rest), 'groups', 'channels'];
  const rows = axes.indexOf('rows');
  if (from.length !== 4 || rows < 0 || axes[rows + 1] !== 'columns') return undefined;
  const flat = [...from.slice(0, rows), from[rows] * from[rows + 1], ...from.slice(rows + 2)];
  return flat.join() === to.join() ? [...axes.slice(0, rows), 'positions', ...axes.slice(rows + 2)] : undefined;
};

/** The axes along which a Slice or a Gather takes some of a tensor, where they are stored in the model. */
export const takenAlong = (graph: Graph, node: Node): readonly number[] => {
  if (node.op === 'Gather') return [intAttribute(node, 'axis', 0)];
  if (node.op !== 'Slice') return [];
  return Array.from(graph.constant(node.inputs[3] ?? '')?.data ?? intsAttribute(node, 'axes') ?? []);
};

/** Whether a slice takes some of the channels, so that all positions stay. */
const slicesChannels = (graph: Graph, node: Node, axes: readonly Axis[]): boolean => {
  const along = takenAlong(graph, node);
  return along.length > 0 && along.every((axis) => axes.at(axis) === 'channels');
};

/** The axes with more of one element. */
const widened = (axes: readonly Axis[], added: readonly number[]): readonly Axis[] => {
  const rank = axes.length + added.length;
  const places = new Set(added.map((axis) => (axis < 0 ? axis + rank : axis)));
  const before = axes.values();
  return Array.from({ length: rank }, (_, axis) => (places.has(axis) ? 'groups' : (before.next().value ?? 'groups')));
};

/** The axes of an operation's result, given those of one of its inputs. Undefined: they cannot be told. */
const axesAfter = (
  graph: Graph,
  node: Node,
  source: string,
  axes: readonly Axis[],
  dimsOf: DimsOf,
): readonly Axis[] | undefined => {
  switch (node.op) {
    case 'Transpose':
      return intsAttribute(node, 'perm')?.map((axis) => axes[axis]);
    case 'Slice':
      return slicesChannels(graph, node, axes) ? axes : undefined;
    case 'Unsqueeze':
      return widened(axes, reductionAxes(graph, node, 0) ?? []);
    case 'Reshape':
    case 'Flatten':
      return joined(axes, dimsOf(source), dimsOf(node.outputs[0]));
    case 'MatMul':
      return axes.at(-1) === 'channels' && node.inputs[0] === source ? axes : undefined;
    case 'Concat':
      return axes.at(intAttribute(node, 'axis', 0)) === 'channels' ? axes : undefined;
    default:
      return moving.has(node.op) || traitsOf(node.op).mixes === 'always' ? undefined : axes;
  }
};

/** The axes of tensors, by their names. Of those that are missing they cannot be told. */
export type KnownAxes = ReadonlyMap<string, readonly Axis[]>;

/** The axes of each tensor upstream that can be told, from the layers that know theirs. */
export const knownAxes = (graph: Graph, tensor: string, dimsOf: DimsOf): KnownAxes => {
  const known = new Map<string, readonly Axis[]>();
  for (const node of ancestorsOf(graph, tensor, graph.isConstant)) {
    const source = node.inputs.find((name) => known.has(name));
    const before = known.get(source ?? '');
    const nhwc = node.op.includes('Nhwc');
    const axes = spatial.test(node.op)
      ? nhwc
        ? (['batch', 'rows', 'columns', 'channels'] as const)
        : (['batch', 'channels', 'rows', 'columns'] as const)
      : before && axesAfter(graph, node, source ?? '', before, dimsOf);
    if (axes !== undefined) known.set(node.outputs[0], axes);
  }
  return known;
};

/**
 * Which axis of a feature map is what, followed from the layers that know their axes. Undefined where it cannot be told: the
 * axes of attention's heads, or of a map that was reshaped into another, are no positions.
 * @param dimsOf knows the feature map, and what `neededForAxes` names.
 */
export const mapAxes = (graph: Graph, featureMap: string, dimsOf: DimsOf): Axes | undefined => {
  const axes = knownAxes(graph, featureMap, dimsOf).get(featureMap);
  const dims = dimsOf(featureMap);
  return axes === undefined || axes.length !== dims.length || axes.includes('groups')
    ? undefined
    : axesOf(dims, axes.indexOf('channels'));
};
