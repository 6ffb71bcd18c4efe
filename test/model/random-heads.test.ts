import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pooledVector } from '../../src/maps/coefficients.js';
import { mapOf } from '../../src/maps/result.js';
import { checkExport } from '../../src/model/export/check.js';
import { withClassMaps } from '../../src/model/export/class-maps.js';
import { HEAD_INPUT, headAlone } from '../../src/model/head/alone.js';
import { forward, type Network } from '../../src/model/network.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { runtime } from '../../src/model/runtime/index.js';
import { buildModel } from '../helpers/build-model.js';
import { affine, bending, dividing, type Piece, quantizing, sketchOf } from '../helpers/head-pieces.js';
import { loadBytes, noiseFeed, nothingBeside } from '../helpers/networks.js';

/** Every class's map of a random head, at another input than the one that the head was read with. */
const explained = async (pieces: readonly Piece[], seed: number) => {
  const bytes = buildModel(sketchOf(pieces, seed));
  const network = await loadBytes(bytes);
  const [{ features, logits }] = await forward(network, [noiseFeed(2)]);
  const head = network.headAt(() => pooledVector(features), logits);
  const maps = Array.from(logits, (logit, index) =>
    mapOf(network.precision, features, head, { class: index, label: '', logit, score: 0 }),
  );
  return { bytes, network, maps, logits };
};

/** What ONNX Runtime makes of the head where every cell was taken away. */
const logitsOfNothing = async (bytes: Uint8Array, network: Network) => {
  const { head } = network;
  const alone = headAlone(readGraph(bytes, nothingBeside), head, 'float32', new Map());
  const session = await runtime.open(alone, { file: '/nowhere/model.onnx', device: 'cpu', batch: 1, threads: 1 });
  const dims = head.pooling.pooledDims;
  const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
  const [outputs] = await session.run([{ name: HEAD_INPUT, type: 'float32', dims, data }], [head.logits]);
  return outputs.get(head.logits)?.data ?? new Float32Array();
};

const anyOf = (pieces: Readonly<Record<string, Piece>>) =>
  fc.constantFrom(...Object.entries(pieces)).map(([label, piece]) => Object.assign(piece, { toString: () => label }));

/** Up to three pieces of one sort, one of the other, and up to three of either. */
const around = (common: Readonly<Record<string, Piece>>, special: Readonly<Record<string, Piece>>) =>
  fc
    .tuple(
      fc.array(anyOf(common), { maxLength: 3 }),
      anyOf(special),
      fc.array(anyOf({ ...common, ...special }), { maxLength: 3 }),
    )
    .map(([before, one, after]) => [...before, one, ...after]);

const seeds = fc.integer({ min: 1, max: 1e6 });
// The same heads every time; another seed gives others.
const runs = { numRuns: 60, seed: 1 };

// Sums of float32 in another order.
const ROUNDING = 1e-4;

describe('a random head', () => {
  it('of affine operators is exact and complete', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOf(affine), { maxLength: 7 }), seeds, async (pieces, seed) => {
        const { maps } = await explained(pieces, seed);
        for (const { kind, held, residual } of maps) {
          expect({ kind, held }).toEqual({ kind: 'exact', held: [] });
          expect(residual).toBeLessThan(ROUNDING);
        }
      }),
      runs,
    );
  });

  it('with norms holds their divisors and is complete', async () => {
    await fc.assert(
      fc.asyncProperty(around(affine, dividing), seeds, async (pieces, seed) => {
        const { maps } = await explained(pieces, seed);
        for (const { kind, held, residual } of maps) {
          expect({ kind, held }).toEqual({ kind: 'frozen', held: ['divisor of a norm'] });
          expect(residual).toBeLessThan(ROUNDING);
        }
      }),
      runs,
    );
  });

  it('with activations and products holds their slopes and is complete, at any depth', async () => {
    await fc.assert(
      fc.asyncProperty(around(affine, bending), seeds, async (pieces, seed) => {
        const { maps } = await explained(pieces, seed);
        for (const { kind, held, residual } of maps) {
          expect({ kind, held }).toEqual({ kind: 'frozen', held: ['slope of an activation'] });
          expect(residual).toBeLessThan(ROUNDING);
        }
      }),
      { ...runs, numRuns: 120 },
    );
  });

  it('of everything at once is complete', async () => {
    await fc.assert(
      fc.asyncProperty(around({ ...affine, ...bending }, dividing), seeds, async (pieces, seed) => {
        const { maps } = await explained(pieces, seed);
        for (const { kind, residual } of maps) {
          expect(kind).toBe('frozen');
          expect(residual).toBeLessThan(ROUNDING);
        }
      }),
      runs,
    );
  });

  it('predicts exactly how the logit changes where all cells are taken away', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOf({ ...affine, ...bending }), { maxLength: 5 }), seeds, async (pieces, seed) => {
        const { bytes, network, maps, logits } = await explained(pieces, seed);
        const nothing = await logitsOfNothing(bytes, network);
        for (const { class: index, mean } of maps) {
          const change = logits[index] - nothing[index];
          expect(Math.abs(mean - change)).toBeLessThan(ROUNDING * Math.max(1, Math.abs(logits[index])));
        }
      }),
      runs,
    );
  });

  it('with quantisers is complete but for what they round, and holds the ends that cut off', async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(around({ ...affine, Relu: bending.Relu }, quantizing), seeds, async (pieces, seed) => {
        const { maps, network } = await explained(pieces, seed);
        expect(network.precision).toBe('int8');
        for (const { held, residual } of maps) {
          for (const what of held) ends.add(what);
          expect(residual).toBeLessThan(0.1);
        }
      }),
      { ...runs, numRuns: 120 },
    );
    expect([...ends].sort()).toEqual(['end of a quantiser', 'slope of an activation']);
  });

  it.each([
    ['of float operators', { ...affine, ...dividing, ...bending }],
    // A norm may blow up what a quantiser rounded.
    ['with quantisers', { ...affine, ...bending, ...quantizing }],
  ])('%s can be exported, and the exported model gives the same maps', async (_, sorts) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOf(sorts), { maxLength: 5 }), seeds, async (pieces, seed) => {
        const { bytes, network } = await explained(pieces, seed);
        const exported = withClassMaps(bytes, readGraph(bytes, nothingBeside), network, undefined);
        await checkExport(exported, '/nowhere/model.onnx', network, noiseFeed(3), undefined);
      }),
      { ...runs, numRuns: 120 },
    );
  });
});
