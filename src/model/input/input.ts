import { ModelError } from '../../errors.js';
import { type Crop, place, type Resize, type Size } from '../../photo/geometry.js';
import type { Resample } from '../../photo/resample.js';
import type { Normalization, TensorSpec } from '../../photo/tensor.js';
import type { Graph, GraphInput } from '../graph.js';
import { type ModelFiles, readSideFile } from '../locate.js';
import type { ElementType } from '../session.js';
import { assumeInput } from './assumed.js';
import { HUGGING_FACE_FILE, readHuggingFace } from './hugging-face.js';

/** How a photo becomes the network's input. */
export interface InputSpec {
  readonly resize: Resize;
  /** Centre crop after the resize; undefined: none. */
  readonly crop: Crop | undefined;
  readonly resample: Resample;
  readonly normalization: Normalization;
}

/** An `InputSpec` that fits the network. */
export interface Input extends InputSpec, TensorSpec {
  /** The file that says how photos are fed; `assumed` where there is none. */
  readonly origin: string;
  /** Of the network's input, in pixels. */
  readonly size: Size;
}

const imageInput = (graph: Graph): GraphInput => {
  const images = graph.inputs.filter(({ dims }) => dims.length === 4);
  if (images.length !== 1 || graph.inputs.length !== 1) {
    const names = graph.inputs.map(({ name, dims }) => `${name} [${dims.map((dim) => dim ?? '?').join(', ')}]`);
    throw new ModelError('no-image-input', `The model takes ${names.join(', ') || 'nothing'} instead of one picture.`);
  }
  return images[0];
};

// ONNX's numbers for the element types that pictures come in.
const elementTypes: Readonly<Record<number, ElementType>> = { 1: 'float32', 2: 'uint8', 10: 'float16' };

/** Element type and order of axes of the network's input, from where 3 stands among its dims. */
const tensorOf = ({ name, type, dims }: GraphInput) => {
  const elementType = elementTypes[type];
  const layout: TensorSpec['layout'] | undefined =
    dims[1] === 3 || dims[1] === undefined
      ? dims[1] === undefined && dims[3] === 3
        ? 'nhwc'
        : 'nchw'
      : dims[3] === 3
        ? 'nhwc'
        : undefined;
  if (elementType === undefined || layout === undefined) {
    const shape = dims.map((dim) => dim ?? '?').join(', ');
    throw new ModelError('unsupported-input', `The model's input ${name} [${shape}] is no picture of three channels.`);
  }
  const [height, width] = layout === 'nchw' ? dims.slice(2) : dims.slice(1, 3);
  return { name, type: elementType, layout, height, width };
};

/** @throws ModelError where the network takes no such picture or the files beside it say nothing usable. */
export const settleInput = (graph: Graph, { folder }: ModelFiles): Input => {
  const { height, width, ...tensor } = tensorOf(imageInput(graph));
  const json = readSideFile(folder, HUGGING_FACE_FILE);
  const fixed = height === undefined || width === undefined ? undefined : { width, height };
  const spec = json === undefined ? assumeInput(fixed) : readHuggingFace(json, folder);
  // The size of what is left does not depend on the photo: every rule ends in a fixed canvas.
  const size = place({ width: 1, height: 1 }, spec.resize, spec.crop).canvas;
  if ((height ?? size.height) !== size.height || (width ?? size.width) !== size.width) {
    throw new ModelError(
      'size-mismatch',
      `${HUGGING_FACE_FILE} feeds ${size.width}x${size.height} pixels, but the model takes ${width}x${height}.`,
    );
  }
  return { ...spec, ...tensor, size, origin: json === undefined ? 'assumed' : HUGGING_FACE_FILE };
};
