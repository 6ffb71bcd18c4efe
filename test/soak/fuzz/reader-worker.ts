import { InferenceSession, Tensor } from 'onnxruntime-node';
import { isKnownError, prepareModel } from '../../../src/index.js';

/** Reads the models that it is sent, one after the other: no start of a process for each. */

/** What a process is told. */
export interface ToReader {
  /** Path of the model. */
  readonly model: string;
  /** Whether ONNX Runtime alone is to run it. */
  readonly bare: boolean;
}

/** `fault`: '' where the model is read, or refused in a sentence. */
export interface FromReader {
  readonly fault: string;
  readonly explained: boolean;
}

const polluted = (): boolean => Object.keys(Object.prototype).length > 0 || Object.keys(Array.prototype).length > 0;

const prepare = async (model: string): Promise<FromReader> => {
  try {
    await prepareModel(model, { threads: 1 });
  } catch (error) {
    if (!isKnownError(error)) {
      return { fault: (error instanceof Error && error.stack) || String(error), explained: false };
    }
    return { fault: polluted() ? 'what all objects are made of was changed' : '', explained: false };
  }
  return { fault: '', explained: true };
};

// What a free dim of the fixtures' networks may be.
const FREE = 48;

const runBare = async (model: string): Promise<FromReader> => {
  try {
    const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 4 });
    const [input] = session.inputMetadata;
    if (input?.isTensor !== true) return { fault: '', explained: false };
    const dims = input.shape.map((dim, axis) => (typeof dim === 'number' && dim > 0 ? dim : axis === 0 ? 1 : FREE));
    const size = dims.reduce((product, dim) => product * dim, 1);
    await session.run({ [input.name]: new Tensor('float32', new Float32Array(size), dims) });
  } catch {
    // Whether it runs is another question.
  }
  return { fault: '', explained: false };
};

process.on('message', ({ model, bare }: ToReader) => {
  void (bare ? runBare : prepare)(model).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());
