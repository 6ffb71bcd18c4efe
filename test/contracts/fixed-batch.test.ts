import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { expect, it } from 'vitest';
import { explainPhoto, prepareExplainer } from '../../src/explain.js';
import { prepareModel } from '../../src/model/prepare.js';
import { fixture, temporaryFolder, writeModelFolder } from '../helpers/folders.js';
import { largestDifference } from '../helpers/pictures.js';

const BATCH = 4;

const heads = readdirSync(fixture('heads'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.onnx') && !name.includes('refuse-'))
  .sort();

/** The same network for `BATCH` pictures at a time, as an exporter writes it whose example input has that many. */
const withBatch = (bytes: Uint8Array): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, bytes);
  const { node = [], initializer = [], input = [], output = [] } = model.graph ?? {};
  const type = input[0]?.type?.value;
  const first = type?.case === 'tensorType' ? type.value.shape?.dim[0] : undefined;
  if (first === undefined) throw new Error('the network has no input with dims');
  first.value = { case: 'dimValue', value: BigInt(BATCH) };
  for (const { type } of output) if (type?.value.case === 'tensorType') delete type.value.value.shape;
  model.graph?.valueInfo.splice(0);
  const shapes = new Set(node.flatMap(({ opType, input }) => (opType === 'Reshape' ? [input[1]] : [])));
  const stored = [
    ...initializer.filter(({ name }) => shapes.has(name)),
    ...node.flatMap(({ output, attribute }) => (shapes.has(output[0]) ? attribute.flatMap(({ t }) => t ?? []) : [])),
  ];
  for (const tensor of stored) {
    if (tensor.int64Data[0] === 1n) tensor.int64Data[0] = BigInt(BATCH);
    const raw = new DataView(tensor.rawData.buffer, tensor.rawData.byteOffset, tensor.rawData.byteLength);
    if (raw.byteLength > 0 && raw.getBigInt64(0, true) === 1n) raw.setBigInt64(0, BigInt(BATCH), true);
  }
  return toBinary(ModelProtoSchema, model);
};

it.each(heads)('%s gives the same maps where its batch is fixed at 4', async (name) => {
  const { tolerance, classes } = JSON.parse(readFileSync(fixture('heads', name.replace(/onnx$/, 'json')), 'utf8'));
  const count = classes.length === 1 ? 2 : classes.length;
  const original = readFileSync(fixture('heads', name));
  const explain = async (model: Uint8Array) => {
    const labels = Array.from({ length: count }, (_, i) => `class ${i}`);
    const preprocessor = {
      size: { height: 32, width: 48 },
      resample: 0,
      rescale_factor: 1 / 255,
      do_normalize: false,
    };
    const folder = writeModelFolder(join(temporaryFolder(), basename(name)), { model, labels, preprocessor });
    const weights = fixture('heads', `${name}.data`);
    if (existsSync(weights)) copyFileSync(weights, join(folder, basename(weights)));
    const prepared = await prepareModel(folder, { threads: 1 });
    const explainer = prepareExplainer(prepared, { classes: labels });
    return { prepared, maps: (await explainPhoto(explainer, readFileSync(fixture('heads', 'input.png')))).maps };
  };
  const [one, four] = [await explain(original), await explain(withBatch(original))];
  expect(four.prepared.head.pooling.dims[0]).toBe(BATCH);
  expect(four.maps).toHaveLength(count);
  four.maps.forEach(({ map, kind, logit, bias }, i) => {
    expect(kind).toBe(one.maps[i].kind);
    // The kernels may add in another order for another number of rows: as far as PyTorch's values may be off.
    expect(largestDifference(map, one.maps[i].map)).toBeLessThanOrEqual(tolerance);
    expect(Math.abs(logit - one.maps[i].logit)).toBeLessThanOrEqual(tolerance);
    expect(Math.abs(bias - one.maps[i].bias)).toBeLessThanOrEqual(tolerance);
  });
});
