import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { onnxruntimeNode } from '../../../src/model/runtime/onnxruntime-node.js';
import { fixture } from '../../helpers/folders.js';
import { noise } from '../../helpers/networks.js';

const processor = process.platform === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : '';
const overflows = process.arch === 'x64' && /\bavx2\b/.test(processor) && !/vnni/.test(processor);

const dims = [1, 3, 32, 48];
const data = Float32Array.from(noise(3 * 32 * 48, 7), (x) => x * 2);

/** Logits of ONNX Runtime's fast kernels, by another way than the program's. */
const fastLogits = async (model: string, level: 'all' | 'disabled') => {
  const session = await InferenceSession.create(model, { graphOptimizationLevel: level });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  return Array.from((await session.run({ [input]: new Tensor('float32', data, dims) }))[output].data as Float32Array);
};

const preciseLogits = async (model: string) => {
  const session = await onnxruntimeNode.open(readFileSync(model), {
    file: model,
    device: 'cpu',
    batch: 1,
    threads: 1,
  });
  const { inputNames, outputNames } = await InferenceSession.create(model);
  const [output] = outputNames;
  const [result] = await session.run([{ name: inputNames[0], type: 'float32', dims, data }], [output]);
  return Array.from(result.get(output)?.data ?? []);
};

const furthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

// The graph as it is written, number by number: no integer kernel is used for it.
const written = (model: string) => fastLogits(model, 'disabled');

describe('an int8 network', () => {
  // A level of the logits is 0.01; two orders of summing may round one apart.
  const LEVELS = 0.02;

  it.each(['int8-qdq', 'int8-relu-qdq'])(
    '%s gives the same logits as number by number, on any processor',
    async (name) => {
      const model = fixture('heads', `${name}.onnx`);
      expect(furthest(await preciseLogits(model), await written(model))).toBeLessThan(LEVELS);
    },
  );

  // Seen under an emulated Haswell: 0.039 apart, and 0 with the precise kernels.
  it.runIf(overflows)('would not do so by the fast kernels of a processor with AVX2 but no VNNI', async () => {
    const model = fixture('heads', 'int8-relu-qdq.onnx');
    expect(furthest(await fastLogits(model, 'all'), await written(model))).toBeGreaterThan(LEVELS);
  });
});
