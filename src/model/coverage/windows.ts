import { type Graph, intAttribute, intsAttribute, type Node, textAttribute } from '../onnx/graph.js';
import { type Positions, withSpans } from './positions.js';
import { type Windows, windowed } from './span.js';

/** Index of the input that holds the weights. Their last dims are the kernel's. */
const weightsAt: Readonly<Record<string, number>> = { QLinearConv: 3 };

const kernelOf = (graph: Graph, node: Node, op: string): readonly number[] | undefined => {
  const given = intsAttribute(node, 'kernel_shape');
  if (given !== undefined || !op.endsWith('Conv')) return given;
  const name = node.inputs[weightsAt[op] ?? 1];
  const stored = graph.isConstant(name) ? name : graph.producers.get(name)?.inputs[0];
  return graph.constant(stored ?? '')?.dims.slice(2);
};

const countedOf = (node: Node): Windows['count'] => {
  if (textAttribute(node, 'auto_pad', 'NOTSET').startsWith('SAME')) return 'same';
  return intAttribute(node, 'ceil_mode', 0) === 0 ? 'floor' : 'ceil';
};

/** The windows of a convolution or a pool along each axis of the picture. Undefined where the graph does not say. */
const windowsOf = (graph: Graph, node: Node, op: string): readonly Windows[] | undefined => {
  const kernel = kernelOf(graph, node, op);
  if (kernel === undefined) return undefined;
  const list = (name: string, fallback: number) => intsAttribute(node, name) ?? kernel.map(() => fallback);
  const [strides, dilations] = [list('strides', 1), list('dilations', 1)];
  const isPadded = textAttribute(node, 'auto_pad', 'NOTSET') === 'NOTSET';
  const pads = (isPadded ? intsAttribute(node, 'pads') : undefined) ?? [];
  return kernel.map((size, axis) => ({
    kernel: (size - 1) * dilations[axis] + 1,
    stride: strides[axis],
    before: pads[axis] ?? 0,
    after: pads[axis + kernel.length] ?? 0,
    count: countedOf(node),
  }));
};

const isUnchanged = ({ kernel, stride, before, after }: Windows): boolean =>
  kernel === 1 && stride === 1 && before === 0 && after === 0;

/**
 * Positions after a convolution or a pool.
 * @param op the operator's name without its domain.
 */
export const afterWindows = (graph: Graph, node: Node, op: string, positions: Positions): Positions | undefined => {
  const windows = windowsOf(graph, node, op);
  const isLast = op.startsWith('Nhwc') || intAttribute(node, 'channels_last', 0) !== 0;
  const first = isLast ? 1 : 2;
  const { rank, row, column, rows, columns } = positions;
  if (windows === undefined || rank !== windows.length + 2) return undefined;
  // Rows and columns along one axis (tokens) have no two-dimensional windows.
  if (row === column) return row === first && windows.every(isUnchanged) ? positions : undefined;
  if (row !== first || column !== first + 1) return undefined;
  return withSpans(positions, windowed(rows, windows[0]), windowed(columns, windows[1]));
};
