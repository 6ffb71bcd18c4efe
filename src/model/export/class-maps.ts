import { ModelError } from '../../errors.js';
import type { Grid } from '../../maps/feature-map.js';
import { isPair } from '../head/agreement.js';
import { logitCount } from '../head/head.js';
import type { Network } from '../network.js';
import type { Graph } from '../onnx/graph.js';
import { createWriter, type Writer } from '../onnx/writer.js';
import { asFloat32 } from '../onnx/written.js';
import { partTangents } from './part-tangents.js';
import { writeTangents } from './tangents.js';

export const CLASS_MAPS = 'class_maps';
export const CLASS_INDICES = 'class_indices';

/** Rows and columns of the positions: the cells', or all tokens in one row where some are no cells. */
const sizeOf = ({ rows, columns, outside }: Grid): readonly [number, number] =>
  outside.length === 0 ? [rows, columns] : [1, rows * columns + outside.length];

/** The feature map as float32 [N, rows, columns, C], whatever its layout and type. */
const writeCells = (writer: Writer, { head, grid }: Network): string => {
  const { featureMap, dims, channelAxis, positionAxes, headAxis, quantization } = head.pooling;
  let cells = asFloat32(writer, featureMap);
  if (quantization !== undefined) {
    const { zeroPoint, scale } = quantization;
    cells = writer.node('Mul', [
      writer.node('Sub', [cells, writer.floats([], [zeroPoint])]),
      writer.floats([], [scale]),
    ]);
  }
  // Heads of attention may stand in the place of the batch.
  const apart = headAxis === 0 ? 1 : 0;
  if (apart === 1) cells = writer.node('Reshape', [cells, writer.integers([-1, ...dims])]);
  const axes = [...positionAxes, ...(headAxis === undefined ? [] : [headAxis]), channelAxis];
  const order = [0, ...axes.map((axis) => axis + apart)];
  if (order.some((axis, i) => axis !== i)) cells = writer.node('Transpose', [cells], { perm: order });
  if (positionAxes.length === 2) return cells;
  return writer.node('Reshape', [cells, writer.integers([-1, ...sizeOf(grid), grid.channels])]);
};

/** The class maps of the cells alone. A map's values are times the number of cells, and not of all positions. */
const writeOfCells = (writer: Writer, grid: Grid, tangents: string): string => {
  const { rows, columns, columnStride, first, outside } = grid;
  if (outside.length === 0) return tangents;
  const count = rows * columns;
  const tokens = Array.from({ length: count }, (_, cell) => first / columnStride + cell);
  const cells = writer.node('Gather', [tangents, writer.integers(tokens)], { axis: 2 });
  const scaled = writer.node('Mul', [cells, writer.floats([], [count / (count + outside.length)])]);
  return writer.node('Reshape', [scaled, writer.integers([0, rows, columns, -1])]);
};

// The first operator set with both GatherND's batch_dims and TopK for a computed k.
const TOP_OPSET = 12;

const writeTop = (writer: Writer, { head }: Network, maps: string, top: number): void => {
  const flat = writer.node('Reshape', [head.logits, writer.integers([-1, logitCount(head)])]);
  const best = writer.best(flat, top);
  const places = writer.node('Reshape', [best, writer.integers([-1, top, 1])]);
  const chosen = writer.node('GatherND', [maps, places], { batch_dims: 1 });
  writer.output(CLASS_MAPS, chosen, 'float32', ['batch', top, 'class_map_rows', 'class_map_columns']);
  writer.output(CLASS_INDICES, best, 'int64', ['batch', top]);
};

/**
 * Adds the class maps to a model as an output `class_maps`, [N, K, rows, columns] in logits. With `top`, they are the
 * maps of the k best classes, [N, k, rows, columns], and an output `class_indices`, [N, k], names the classes. Bytes are
 * only appended; the model's own bytes stay as they are.
 * @throws ModelError `not-exportable`.
 */
export const withClassMaps = (
  model: Uint8Array,
  graph: Graph,
  network: Network,
  top: number | undefined,
): Uint8Array => {
  const taken = [CLASS_MAPS, CLASS_INDICES].find((name) => graph.outputs.includes(name) || graph.producers.has(name));
  if (taken !== undefined)
    throw new ModelError(
      'not-exportable',
      `The model has a tensor ${taken} already, as an export of gapcam has; export the model that it was made from.`,
    );
  const classes = logitCount(network.head);
  if (top !== undefined && (top > classes || graph.opset < TOP_OPSET)) {
    const reason =
      top > classes
        ? isPair(network.head)
          ? 'has one logit'
          : `has ${classes} classes`
        : `is of opset ${graph.opset}, before ${TOP_OPSET}`;
    throw new ModelError(
      'not-exportable',
      `The maps of the ${top} best classes cannot be written: the model ${reason}.`,
    );
  }
  const writer = createWriter();
  const cells = writeCells(writer, network);
  const { head, grid, trialSecant } = network;
  const fromParts = partTangents(writer, graph.opset, head.pooling, grid, cells, sizeOf(grid));
  const tangents = writeTangents(writer, graph, head, trialSecant, cells, fromParts);
  const maps = writer.node('Transpose', [writeOfCells(writer, grid, tangents)], { perm: [0, 3, 1, 2] });
  if (top === undefined) {
    writer.output(CLASS_MAPS, maps, 'float32', ['batch', classes, 'class_map_rows', 'class_map_columns']);
  } else {
    writeTop(writer, network, maps, top);
  }
  return writer.addedTo(model);
};
