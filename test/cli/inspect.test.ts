import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareModel } from '../../src/index.js';
import { diffuseClassifier } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { refusalOf } from '../helpers/in-process.js';

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
    expect(stdout).not.toContain('could not be tried');
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

  it.each([
    [
      'concat-average-max',
      'the mean of all cells and the largest cell of each channel',
      'largest cell of each channel held',
    ],
    ['generalised-mean-3', 'the generalised mean of all cells', 'root of a generalised mean held'],
    [
      'attention-pool-mean-query',
      'attention weights of 3 heads',
      'attention weights held',
      'tokens that are no cells carry',
    ],
    ['flatten-linear', 'weights of its own for each cell', 'exact'],
  ])('names the pool and what of it is held: %s', async (name, ...words) => {
    const { code, stdout } = await gapcam(['inspect', fixture('pools', `${name}.onnx`), '--size', '48x32']);
    expect(code).toBe(0);
    for (const part of words) expect(stdout).toContain(part);
  });

  it('says where the order of the cells could not be tried', async () => {
    const file = join(temporaryFolder(), 'model.onnx');
    writeFileSync(file, diffuseClassifier());
    const arguments_ = ['inspect', file, '--size', '8x6'];
    expect((await gapcam(arguments_)).stdout).toContain(
      '6 rows x 8 columns; the order of the cells could not be tried',
    );
    expect(JSON.parse((await gapcam([...arguments_, '--json'])).stdout).head.cellOrder).toBe('untried');
  });

  it.each([
    ['heads', 'refuse-class-token', 'Gather'],
    ['heads', 'refuse-segmentation', 'Conv'],
    ['heads', 'refuse-two-pools', 'ReduceMax'],
    ['pools', 'refuse-log-sum-exp', 'log-sum-exp'],
  ])('says why there is no class map: %s/%s', async (folder, name, found) => {
    const { stderr } = await refusalOf(prepareModel(fixture(folder, `${name}.onnx`), { threads: 1 }));
    expect(stderr).toMatch(/^gapcam: No class map exists: .*\.\n$/);
    expect(stderr).toContain(found);
  });

  it('gives a refusal as data too', async () => {
    const { code, stdout } = await gapcam(['inspect', fixture('heads', 'refuse-two-pools.onnx'), '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).refused.code).toBe('head-refused');
  });
});
