import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffuseClassifier } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';

describe('gapcam inspect', () => {
  it('says in words what was found', async () => {
    const { code, stdout } = await gapcam(['inspect', 'efficientnet-lite0']);
    expect(code).toBe(0);
    for (const words of [
      '224x224',
      '7 rows x 7 columns',
      'GlobalAveragePool -> Reshape -> Gemm',
      'exact',
      '1000',
      'softmax',
    ]) {
      expect(stdout).toContain(words);
    }
  });

  it('gives the same as data', async () => {
    const { stdout } = await gapcam(['inspect', fixture('heads', 'norm-gelu-mlp.onnx'), '--json']);
    const { head, input } = JSON.parse(stdout);
    expect(head).toMatchObject({
      kind: 'frozen',
      held: ['divisor of a norm', 'slope of an activation'],
      layout: 'nchw',
      grid: [8, 12],
      classes: 5,
      dims: [1, 12, 8, 12],
    });
    expect(head.operators.slice(0, 4)).toEqual(['GlobalAveragePool', 'Flatten', 'LayerNormalization', 'Gemm']);
    expect(head.residual).toBeLessThan(1e-5);
    expect(input).toMatchObject({ layout: 'nchw', size: { width: 48, height: 32 } });
    expect(input.origins).toMatchObject({ layout: 'the graph: its input', mean: 'assumed' });
  });

  it('says where the order of the cells could not be tried', async () => {
    const file = join(temporaryFolder(), 'model.onnx');
    writeFileSync(file, diffuseClassifier());
    const arguments_ = ['inspect', file, '--size', '8x6'];
    expect((await gapcam(arguments_)).stdout).toContain(
      '6 rows x 8 columns; the order of the cells could not be tried',
    );
    expect(JSON.parse((await gapcam([...arguments_, '--json'])).stdout).head.cellOrder).toBe('untried');
    expect((await gapcam(['inspect', 'nin-cifar10'])).stdout).not.toContain('could not be tried');
  });

  it.each([
    ['refuse-average-and-max', 'MaxPool'],
    ['refuse-class-token', 'Gather'],
    ['refuse-flatten', 'Flatten <- Relu <- Conv'],
    ['refuse-generalized-mean', 'Pow, a power of 0.33'],
    ['refuse-max-pool', 'MaxPool'],
    ['refuse-pool-2x2', 'AveragePool over 4x4 of a map of 8x12'],
    ['refuse-segmentation', 'Conv'],
    ['refuse-two-pools', 'ReduceMax'],
  ])('says why there is no class map: %s', async (name, found) => {
    const { code, stdout, stderr } = await gapcam(['inspect', fixture('heads', `${name}.onnx`)]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^gapcam: No class map exists: .*\.\n$/);
    expect(stderr).toContain(found);
  });

  it('gives a refusal as data too', async () => {
    const { code, stdout } = await gapcam(['inspect', fixture('heads', 'refuse-flatten.onnx'), '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).refused.code).toBe('head-refused');
  });
});
