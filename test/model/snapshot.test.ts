import { cpSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CellOrder } from '../../src/model/cell-order/cell-order.js';
import { type Model, prepareModel } from '../../src/model/prepare.js';
import { handOver, takeOver } from '../../src/model/snapshot.js';
import { colorClassifier, diffuseClassifier } from '../helpers/build-model.js';
import { temporaryFolder } from '../helpers/folders.js';
import { fixture } from '../helpers/repository.js';

/** All that a head is, in words. What it does is named alone: functions are made anew in each process. */
const wordsOf = (head: Model['head']): string => inspect(head, { depth: null, maxArrayLength: null });

describe('a model that one process prepared for others', () => {
  let file: string;
  beforeEach(() => {
    file = join(temporaryFolder(), 'model.onnx');
    cpSync(fixture('heads', 'gap-linear.onnx'), file);
  });

  it.each([
    'heads/gap-linear',
    'pools/concat-max-average-bn-mlp',
    'pools/generalised-mean-norm',
    'pools/attention-pool-mean-query',
    'pools/flatten-linear',
  ])('is the same in each of them: %s', async (name) => {
    const model = await prepareModel(fixture(`${name}.onnx`), { input: { size: '48x32' }, threads: 1 });
    const taken = await takeOver(handOver(model));
    const { head, grid, classes, labels, precision, trialResidual, trialShare, sha256, cellOrder } = model;
    expect(taken).toMatchObject({ grid, classes, labels, precision, trialResidual, trialShare, sha256, cellOrder });
    expect(wordsOf(taken.head)).toBe(wordsOf(head));
    expect(taken.trialSecant).toEqual(model.trialSecant);
  });

  it.each<[CellOrder, () => Uint8Array]>([
    ['picture', colorClassifier],
    ['untried', diffuseClassifier],
  ])('keeps what was found of the order of its cells: %s', async (cellOrder, build) => {
    writeFileSync(file, build());
    const model = await prepareModel(file, { input: { size: '8x6' } });
    expect(model.cellOrder).toBe(cellOrder);
    expect(await takeOver(handOver(model))).toMatchObject({ cellOrder });
  });

  it('takes nothing as large as a feature map along, and leaves none behind', async () => {
    const model = await prepareModel(file);
    const { rows, columns, channels } = model.grid;
    const largest = (value: unknown): number => {
      if (ArrayBuffer.isView(value)) return value.byteLength;
      if (typeof value !== 'object' || value === null) return 0;
      const parts = value instanceof Map ? [...value.values()] : Object.values(value);
      return Math.max(0, ...parts.map(largest));
    };
    const vector = channels * Float64Array.BYTES_PER_ELEMENT;
    expect(largest(handOver(model))).toBe(vector);
    expect(largest(model.trial)).toBe(vector);
    expect(rows * columns * Float32Array.BYTES_PER_ELEMENT).toBeGreaterThan(Float64Array.BYTES_PER_ELEMENT);
  });

  it('knows in each of them what its cells cover', async () => {
    const floor = fixture('faults', 'geo-floor.onnx');
    const taken = await takeOver(handOver(await prepareModel(floor)));
    expect(taken.covered({ width: 250, height: 70 }, { rows: 2, columns: 7 })).toEqual({
      x: 0,
      y: 0,
      width: 224,
      height: 64,
    });
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['changed by a bit', (bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))],
    ['cut off', (bytes) => bytes.subarray(0, 100)],
    ['emptied', () => new Uint8Array()],
  ])('is refused where its file was %s meanwhile', async (_, damage) => {
    const handed = handOver(await prepareModel(file));
    writeFileSync(file, damage(readFileSync(file)));
    await expect(takeOver(handed)).rejects.toMatchObject({ code: 'model-changed' });
  });

  /** As a clock of any coarseness would tell it. */
  const touch = (weights: string) => {
    const { atime, mtimeMs } = statSync(weights);
    utimesSync(weights, atime, new Date(mtimeMs + 2000));
  };

  it.each<[string, (weights: string) => void]>([
    [
      'written again',
      (weights) => {
        writeFileSync(weights, readFileSync(weights).fill(0));
        touch(weights);
      },
    ],
    ['cut off', (weights) => writeFileSync(weights, readFileSync(weights).subarray(0, 4000))],
    ['taken away', (weights) => rmSync(weights)],
  ])('is refused where its second file was %s meanwhile', async (_, damage) => {
    const folder = temporaryFolder();
    cpSync(fixture('heads', 'external'), folder, { recursive: true });
    const handed = handOver(await prepareModel(join(folder, 'external-data.onnx')));
    await takeOver(handed);
    const weights = join(folder, 'external-data.onnx.data');
    // The same bytes, written anew, are the same.
    touch(weights);
    await takeOver(handed);
    damage(weights);
    await expect(takeOver(handed)).rejects.toMatchObject({
      code: 'model-changed',
      message: expect.stringContaining('The weights in external-data.onnx.data beside the model'),
    });
  });
});
