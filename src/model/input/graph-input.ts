import { TensorProto_DataType as Type } from 'onnx-buf';
import { ModelError } from '../../errors.js';
import { largestOf } from '../../extremes.js';
import type { ElementType } from '../../image/feed.js';
import type { TensorSpec } from '../../image/to-tensor.js';
import type { Size } from '../../maps/box.js';
import type { Graph, GraphInput } from '../onnx/graph.js';
import { claims, type InputClaims, type InputValues, NO_CHANGE } from './values.js';

// The element types that pictures come in.
const elementTypes: Readonly<Record<number, ElementType>> = {
  [Type.FLOAT]: 'float32',
  [Type.UINT8]: 'uint8',
  [Type.FLOAT16]: 'float16',
};

/** The network's input, as its graph declares it. */
export interface PictureInput {
  readonly name: string;
  readonly type: ElementType;
  /** undefined: free. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly claims: InputClaims;
}

const shown = ({ name, dims }: GraphInput): string => `${name} [${dims.map((dim) => dim ?? '?').join(', ')}]`;

const imageInput = (graph: Graph): GraphInput => {
  const [image, ...others] = graph.inputs;
  if (image === undefined || others.length > 0 || image.dims.length !== 4) {
    const found = graph.inputs.map(shown).join(', ') || 'nothing';
    throw new ModelError(
      'no-image-input',
      `The model takes ${found} instead of one picture, as [N, 3, height, width] or [N, height, width, 3].`,
    );
  }
  return image;
};

const isChannels = (dim: number | undefined): boolean => dim === 3 || dim === 1;

/** Layout, by the position of 3 or 1 among the dims. Undefined where all dims are free. */
const layoutOf = (input: GraphInput): TensorSpec['layout'] | undefined => {
  const [, second, , fourth] = input.dims;
  if (isChannels(second) && !(second === 1 && fourth === 3)) return 'nchw';
  if (isChannels(fourth)) return 'nhwc';
  if (second === undefined && fourth === undefined) return undefined;
  throw new ModelError(
    'unsupported-input',
    `The model's input ${shown(input)} is no picture of one or three channels, as [N, 3, height, width].`,
  );
};

// A larger mean or divisor is for values of 0..255, not of 0..1.
const BYTES = 2;

/** Whether the network rescales its input itself: it starts by subtracting, dividing by or multiplying by stored numbers. */
const ownRescaling = (graph: Graph, input: string): Partial<InputValues> => {
  const consumers = [...graph.producers.values()].filter(({ inputs }) => inputs.includes(input));
  const [node] = consumers;
  if (
    consumers.length !== 1 ||
    node === undefined ||
    !['Sub', 'Add', 'Div', 'Mul', 'Cast', 'BatchNormalization'].includes(node.op)
  )
    return {};
  if (node.op === 'Cast') return ownRescaling(graph, node.outputs[0]);
  // For a normalisation by stored statistics, the mean decides.
  const other = node.op === 'BatchNormalization' ? node.inputs[3] : node.inputs.find((name) => name !== input);
  const numbers = graph.constant(other ?? '')?.data;
  if (numbers === undefined) return {};
  const largest = largestOf(numbers.map(Math.abs));
  const takesBytes = node.op === 'Mul' ? largest < 1 / BYTES : largest > BYTES;
  // Many networks normalise a normalised input again. Only a mean above the limit shows that they expect 0..255.
  if (node.op === 'BatchNormalization' && !takesBytes) return {};
  return { rescale: takesBytes ? 1 : 1 / 255, ...NO_CHANGE };
};

/** @throws ModelError where the network takes no picture. */
export const readGraphInput = (graph: Graph): PictureInput => {
  const input = imageInput(graph);
  const type = elementTypes[input.type];
  if (type === undefined) {
    throw new ModelError(
      'unsupported-input',
      `The model's input ${shown(input)} is of a type that holds no picture; export it with one of float32, float16 or uint8.`,
    );
  }
  const layout = layoutOf(input);
  const [second, third, fourth] = input.dims.slice(1);
  const [height, width] = layout === 'nhwc' ? [second, third] : [third, fourth];
  const channel = layout === 'nhwc' ? fourth : second;
  const size: Size | undefined = height === undefined || width === undefined ? undefined : { width, height };
  return {
    name: input.name,
    type,
    width,
    height,
    claims: {
      ...claims(
        { source: 'graph', where: 'its input' },
        {
          ...(layout && { layout }),
          ...(size && { size }),
          ...(channel === 1 && { channels: 'gray' }),
          ...(type === 'uint8' && { rescale: 1, ...NO_CHANGE }),
        },
      ),
      ...claims({ source: 'layers', where: 'it rescales by itself' }, ownRescaling(graph, input.name)),
    },
  };
};
