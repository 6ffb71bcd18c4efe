import { type Graph, intAttribute, intsAttribute, type Node } from '../../onnx/graph.js';
import { traitsOf } from '../traits.js';
import { ancestorsOf } from '../walk.js';
import { type Axes, axesOf, type DimsOf } from './pool.js';

/** What an axis of a tensor is: the batch, channels, rows, columns, or positions (rows and columns in one). */
type Axis = 'batch' | 'channels' | 'rows' | 'columns' | 'positions';

// Layers that know their axes: the channels are on the second, or on the last where the name says so.
const spatial =
  /^(.*\.)?(Nhwc|QLinear)?(Fused)?(Conv|ConvTranspose|(Global)?(Max|Average|Lp)Pool|Resize|BatchNormalization)$/;
const moving = new Set([
  'Reshape',
  'Flatten',
  'Transpose',
  'MatMul',
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

/** A map's rows and columns as one axis, where a reshape makes no more of them than that. */
const joined = (axes: readonly Axis[], from: readonly number[], to: readonly number[]): readonly Axis[] | undefined => {
  if (from.length > 0 && from.join() === to.join()) return axes;
  const rows = axes.indexOf('rows');
  if (from.length !== 4 || rows < 0 || axes[rows + 1] !== 'columns') return undefined;
  const flat = [...from.slice(0, rows), from[rows] * from[rows + 1], ...from.slice(rows + 2)];
  return flat.join() === to.join() ? [...axes.slice(0, rows), 'positions', ...axes.slice(rows + 2)] : undefined;
};

/** The axes of an operation's result, given those of one of its inputs. Undefined: they cannot be told. */
const axesAfter = (node: Node, source: string, axes: readonly Axis[], dimsOf: DimsOf): readonly Axis[] | undefined => {
  switch (node.op) {
    case 'Transpose':
      return intsAttribute(node, 'perm')?.map((axis) => axes[axis]);
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

/** The axes of each tensor upstream that can be told, from the layers that know theirs. */
export const knownAxes = (graph: Graph, tensor: string, dimsOf: DimsOf): ReadonlyMap<string, readonly Axis[]> => {
  const known = new Map<string, readonly Axis[]>();
  for (const node of ancestorsOf(graph, tensor, graph.isConstant)) {
    const source = node.inputs.find((name) => known.has(name));
    const before = known.get(source ?? '');
    const nhwc = node.op.includes('Nhwc');
    const axes = spatial.test(node.op)
      ? nhwc
        ? (['batch', 'rows', 'columns', 'channels'] as const)
        : (['batch', 'channels', 'rows', 'columns'] as const)
      : before && axesAfter(node, source ?? '', before, dimsOf);
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
  return axes === undefined || axes.length !== dims.length ? undefined : axesOf(dims, axes.indexOf('channels'));
};
