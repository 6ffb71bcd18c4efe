import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type TensorProto } from 'onnx-buf';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapcam, type Outcome } from '../helpers/command.js';
import { fixture, temporaryFolder } from '../helpers/folders.js';
import { judgedApart } from '../helpers/judged-apart.js';
import { expectRefusal } from '../helpers/runs.js';

const WEIGHTS = 'external-data.onnx.data';
const GIB = 2 ** 30;

/** A model whose weights lie in a file that claims so many bytes, without taking their place on the disk. */
const modelWith = (size: number, damage: (tensor: TensorProto, all: readonly TensorProto[]) => void = () => {}) => {
  const folder = temporaryFolder();
  copyFileSync(fixture('heads', 'external', WEIGHTS), join(folder, WEIGHTS));
  truncateSync(join(folder, WEIGHTS), size);
  const proto = fromBinary(ModelProtoSchema, readFileSync(fixture('heads', 'external', 'external-data.onnx')));
  const tensors = (proto.graph?.initializer ?? []).filter(({ externalData }) => externalData.length > 0);
  // The classifier's own, which the program reads itself.
  damage(tensors[tensors.length - 1], tensors);
  const model = join(folder, 'model.onnx');
  writeFileSync(model, toBinary(ModelProtoSchema, proto));
  return model;
};

const entry = (tensor: TensorProto, key: string, value: string): void => {
  const { externalData } = tensor;
  const found = externalData.find((one) => one.key === key);
  if (found === undefined) throw new Error(`the fixture gives no ${key}`);
  found.value = value;
};

const without = (tensor: TensorProto, key: string): void => {
  tensor.externalData = tensor.externalData.filter((one) => one.key !== key);
};

const attacks: readonly [string, () => string, RegExp][] = [
  [
    '64 GiB of weights, which its sparse file has',
    () =>
      modelWith(65 * GIB, (tensor) => {
        tensor.dims = [2n ** 34n];
        without(tensor, 'length');
      }),
    /weights in external-data\.onnx\.data have \d+ bytes, more than 32 GiB/,
  ],
  [
    'the same by a length',
    () => modelWith(65 * GIB, (tensor) => entry(tensor, 'length', String(64 * GIB))),
    /more than 32 GiB/,
  ],
  [
    'dims whose product overflows',
    () =>
      modelWith(64 * GIB, (tensor) => {
        tensor.dims = Array(40).fill(2n ** 62n);
        without(tensor, 'length');
      }),
    /is shorter than the model says|no classifier/,
  ],
  [
    'dims below zero',
    () =>
      modelWith(GIB, (tensor) => {
        tensor.dims = [-2n, -3n];
        without(tensor, 'length');
      }),
    /-2 x -3|ONNX Runtime cannot/,
  ],
  [
    'an offset below zero',
    () => modelWith(GIB, (tensor) => entry(tensor, 'offset', '-4')),
    /which is no place in a file/,
  ],
  [
    'an offset beyond all numbers',
    () => modelWith(GIB, (tensor) => entry(tensor, 'offset', '9'.repeat(30))),
    /which is no place in a file/,
  ],
  [
    'an offset beyond its file',
    () => modelWith(64 * GIB, (tensor) => entry(tensor, 'offset', '9'.repeat(15))),
    /is shorter than the model says/,
  ],
  [
    'a length below zero',
    () => modelWith(GIB, (tensor) => entry(tensor, 'length', '-1')),
    /which is no place in a file/,
  ],
  [
    'more bytes than its dims',
    () => modelWith(GIB, (tensor) => entry(tensor, 'length', String(2 ** 26))),
    /67108864|ONNX Runtime cannot load the model/,
  ],
];

describe.concurrent('an attack by a model that claims', () => {
  const options = { preset: 'torchvision', input: { size: '48x32' } } as const;
  let outcomes: readonly Outcome[];
  beforeAll(async () => {
    outcomes = await judgedApart(attacks.map(([, model]) => ({ model: model(), options })));
  });

  it.for(attacks.map(([what, , about], i) => [what, about, i] as const))(
    '%s is refused in one sentence',
    ([, about, i]) => expectRefusal(outcomes[i], about),
  );

  it.each([attacks[0], attacks[4], attacks[8]])('%s is refused so by the command', async (_, model, about) => {
    expectRefusal(await gapcam(['inspect', model(), '--preset', 'torchvision', '--size', '48x32']), about);
  });

  it('a small part of a sparse file of 64 GiB does no harm: that part is read', async () => {
    const { code, stdout } = await gapcam([
      'inspect',
      modelWith(64 * GIB),
      '--preset',
      'torchvision',
      '--size',
      '48x32',
    ]);
    expect(stdout).toContain('exact');
    expect(code).toBe(0);
  });
});
