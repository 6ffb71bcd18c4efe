import { describe, expect, it } from 'vitest';
import { pooledVector } from '../../src/maps/coefficients.js';
import { mapOf } from '../../src/maps/result.js';
import { forward, type Network } from '../../src/model/network.js';
import { buildModel, type ModelSketch, type NodeSketch } from '../helpers/build-model.js';
import { loadBytes, noise, noiseFeed } from '../helpers/networks.js';

const trunk: readonly NodeSketch[] = [
  { op: 'Conv', in: ['input', 'stem'], out: 'features' },
  { op: 'GlobalAveragePool', in: ['features'], out: 'pooled' },
  { op: 'Flatten', in: ['pooled'], out: 'vector' },
];
const random = (dims: readonly number[], seed: number) => {
  const length = dims.reduce((a, b) => a * b, 1);
  return { dims, data: noise(length, seed).map((x) => x * 2) };
};
const weights = { stem: random([4, 3, 1, 1], 1), fc: random([4, 3], 2), hidden: random([4, 4], 3) };
const load = (sketch: ModelSketch) => loadBytes(buildModel({ ...sketch, weights: { ...weights, ...sketch.weights } }));

/** Residuals of all classes' maps, at another input than the trial's. */
const residuals = async (network: Network): Promise<readonly number[]> => {
  const [{ features, logits }] = await forward(network, [noiseFeed(2)]);
  const head = network.headAt(() => pooledVector(features), logits);
  return Array.from(
    logits,
    (logit, index) => mapOf(network.precision, features, head, { class: index, label: '', logit, score: 0 }).residual,
  );
};

describe('a head', () => {
  it('in half precision with an activation sums to its logits within 2e-3', async () => {
    const half = { to: 10 };
    const network = await load({
      nodes: [
        ...trunk,
        { op: 'Cast', in: ['vector'], out: 'half', with: half },
        { op: 'Cast', in: ['hidden'], out: 'halfHidden', with: half },
        { op: 'Cast', in: ['fc'], out: 'halfFc', with: half },
        { op: 'MatMul', in: ['half', 'halfHidden'], out: 'sum' },
        { op: 'HardSwish', in: ['sum'], out: 'bent' },
        { op: 'MatMul', in: ['bent', 'halfFc'], out: 'halfLogits' },
        { op: 'Softmax', in: ['halfLogits'], out: 'halfScores', with: { axis: 1 } },
        { op: 'Cast', in: ['halfScores'], out: 'scores', with: { to: 1 } },
      ],
      outputs: ['scores'],
    });
    expect(network.output.logits).toBe('halfLogits');
    expect(network.precision).toBe('float16');
    expect(Math.max(...(await residuals(network)))).toBeLessThan(2e-3);
  });

  it('sums to its logits where the places of a fixed batch know of each other', async () => {
    const network = await load({
      input: [2, 3, 6, 8],
      nodes: [
        ...trunk,
        { op: 'Gather', in: ['vector', 'turned'], out: 'others', with: { axis: 0 } },
        { op: 'Add', in: ['vector', 'others'], out: 'both' },
        { op: 'MatMul', in: ['both', 'fc'], out: 'logits' },
      ],
      integers: { turned: [1, 0] },
    });
    expect(Math.max(...(await residuals(network)))).toBeLessThan(1e-5);
  });

  it('is exact where the model chooses between its own numbers', async () => {
    const network = await load({
      nodes: [
        ...trunk,
        { op: 'Greater', in: ['fc', 'zero'], out: 'positive' },
        { op: 'Where', in: ['positive', 'fc', 'small'], out: 'chosen' },
        { op: 'MatMul', in: ['vector', 'chosen'], out: 'logits' },
      ],
      weights: { zero: { dims: [], data: [0] }, small: { dims: [], data: [0.1] } },
    });
    expect(network.held).toEqual([]);
    expect(Math.max(...(await residuals(network)))).toBeLessThan(1e-5);
  });

  it('whose logits are whole levels may be one level off, and no two', async () => {
    const step = 0.3;
    const network = await load({
      nodes: [
        ...trunk,
        { op: 'MatMul', in: ['vector', 'fc'], out: 'sums' },
        { op: 'QuantizeLinear', in: ['sums', 'step', 'middle'], out: 'levels' },
        { op: 'DequantizeLinear', in: ['levels', 'step', 'middle'], out: 'logits' },
      ],
      weights: { step: { dims: [], data: [step] } },
      levels: { middle: { type: 'uint8', value: 128 } },
    });
    const [{ features, logits }] = await forward(network, [noiseFeed(2)]);
    const off = (by: number) => Array.from(logits, (logit, i) => (i === 1 ? logit + by : logit));
    const residualOf = (given: readonly number[]) => {
      const head = network.headAt(() => pooledVector(features), given);
      return mapOf(network.precision, features, head, { class: 1, label: '', logit: given[1], score: 0 }).residual;
    };
    expect(residualOf(off(step))).toBeLessThan(1e-5);
    expect(() => residualOf(off(2 * step))).toThrow('its head as read gives');
  });
});
