import { ModelError } from '../../errors.js';
import { type Crop, place, type Resize, type Size } from '../../photo/geometry.js';
import type { Resample } from '../../photo/resample.js';
import type { Normalization } from '../../photo/tensor.js';
import type { Graph, GraphInput } from '../graph.js';
import { type ModelFiles, readSideFile } from '../locate.js';
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
export interface Input extends InputSpec {
  readonly name: string;
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

/** @throws ModelError where the network takes no such picture or the files beside it say nothing usable. */
export const settleInput = (graph: Graph, { folder }: ModelFiles): Input => {
  const { name, dims, type } = imageInput(graph);
  const [, channels, height, width] = dims;
  if (type !== 1 || (channels !== undefined && channels !== 3)) {
    throw new ModelError('unsupported-input', `The model's input ${name} is not float32 [batch, 3, height, width].`);
  }
  const json = readSideFile(folder, HUGGING_FACE_FILE);
  if (json === undefined) {
    throw new ModelError(
      'no-side-file',
      `There is no ${HUGGING_FACE_FILE} beside the model to say how photos are fed.`,
    );
  }
  const spec = readHuggingFace(json, folder);
  // The size of what is left does not depend on the photo: every rule ends in a fixed canvas.
  const size = place({ width: 1, height: 1 }, spec.resize, spec.crop).canvas;
  if ((height ?? size.height) !== size.height || (width ?? size.width) !== size.width) {
    throw new ModelError(
      'size-mismatch',
      `${HUGGING_FACE_FILE} feeds ${size.width}x${size.height} pixels, but the model takes ${width}x${height}.`,
    );
  }
  return { ...spec, name, size };
};
