import { copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareModel } from '../../src/index.js';
import { diffuseClassifier } from '../helpers/build-model.js';
import { gapcam } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { called, refusalOf } from '../helpers/in-process.js';

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
    const { stdout } = await called(['inspect', fixture('heads', 'norm-gelu-mlp.onnx'), '--json']);
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
    const { code, stdout } = await called(['inspect', fixture('pools', `${name}.onnx`), '--size', '48x32']);
    expect(code).toBe(0);
    for (const part of words) expect(stdout).toContain(part);
  });

  it('says where the order of the cells could not be tried', async () => {
    const file = join(temporaryFolder(), 'model.onnx');
    writeFileSync(file, diffuseClassifier());
    const arguments_ = ['inspect', file, '--size', '8x6'];
    expect((await called(arguments_)).stdout).toContain(
      '6 rows x 8 columns; the order of the cells could not be tried',
    );
    expect(JSON.parse((await called([...arguments_, '--json'])).stdout).head.cellOrder).toBe('untried');
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

describe('gapcam inspect --save', () => {
  const folderOf = (): string => {
    const folder = temporaryFolder();
    copyFileSync(fixture('heads', 'gap-linear.onnx'), join(folder, 'model.onnx'));
    return folder;
  };
  const wordsFor = (folder: string, flags: readonly string[]) => ['inspect', folder, '--json', '--save', ...flags];
  const save = (folder: string, ...flags: string[]) => called(wordsFor(folder, flags));
  const inputIn = (stdout: string) => {
    const { input, labels } = JSON.parse(stdout);
    const { origins, warnings, ...values } = input;
    return { values, origins, labels };
  };

  it('writes what is found and given, so that later runs need no flags and say where each value is from', async () => {
    const folder = folderOf();
    const names = join(folder, 'names.txt');
    writeFileSync(names, 'ant\nbee\ncat\ndog\neel\n');
    const flags = ['--mean', '0.1,0.2,0.3', '--resize', '60', '--crop', '48x32', '--labels', names];
    const saved = await gapcam(wordsFor(folder, flags));
    expect(saved.code).toBe(0);
    const file = join(folder, 'model.json');
    expect(saved.stderr).toContain(`Saved in ${file}`);
    const again = inputIn((await called(['inspect', folder, '--json'])).stdout);
    const before = inputIn(saved.stdout);
    expect(again.values).toEqual(before.values);
    expect(again.labels.first).toEqual(['ant', 'bee', 'cat']);
    expect(again.origins).toMatchObject({ mean: 'model.json: mean, from --mean', rescale: 'assumed' });
    expect(readFileSync(file, 'utf8')).not.toContain('names.txt"]');
  });

  it('replaces a file with --overwrite alone, and keeps what it says elsewhere', async () => {
    const folder = folderOf();
    const file = join(folder, 'model.json');
    writeFileSync(file, '{"input": {"std": 2}, "comment": "by hand"}');
    const refused = await save(folder, '--mean', '0');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout).refused.message).toMatch(/model\.json exists already; --overwrite/);
    expect(readFileSync(file, 'utf8')).toContain('{"std": 2}');
    expect((await save(folder, '--mean', '0', '--overwrite')).code).toBe(0);
    const { input, comment } = JSON.parse(readFileSync(file, 'utf8'));
    expect([input.std, input.mean, comment]).toEqual([[2, 2, 2], [0, 0, 0], 'by hand']);
  });

  it('is no attack: a link in the place of the file is not written through, with --overwrite neither', async () => {
    const folder = folderOf();
    const elsewhere = join(temporaryFolder(), 'mine.json');
    writeFileSync(elsewhere, '{}');
    symlinkSync(elsewhere, join(folder, 'model.json'));
    const { stdout, code } = await save(folder, '--mean', '0', '--overwrite');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).refused.message).toMatch(/is no regular file/);
    expect(readFileSync(elsewhere, 'utf8')).toBe('{}');
  });

  it('writes nothing into the package, nor over the file of another program', async () => {
    const { stdout } = await save('nin-cifar10');
    expect(JSON.parse(stdout).refused.message).toMatch(/built in.*copy .*nin-cifar10 to/);
    expect(existsSync(fixture('models', 'nin-cifar10', 'model.json'))).toBe(false);
    const { stdout: other } = await save(fixture('heads', 'gap-linear.onnx'), '--overwrite');
    expect(JSON.parse(other).refused.message).toMatch(/gap-linear\.json is another program's/);
  });
});
