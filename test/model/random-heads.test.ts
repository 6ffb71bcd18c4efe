import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classMap } from '../../src/maps/class-map.js';
import { type Held, kindOf } from '../../src/maps/class-weights.js';
import { mapOf } from '../../src/maps/result.js';
import { checkExport } from '../../src/model/export/check.js';
import { withClassMaps } from '../../src/model/export/class-maps.js';
import { HEAD_INPUT, headAlone, headInput } from '../../src/model/head/alone.js';
import { forward, type Network } from '../../src/model/network.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { runtime } from '../../src/model/runtime/index.js';
import { buildModel } from '../helpers/build-model.js';
import { type DrawnPool, drawnPools } from '../helpers/drawn-pools.js';
import { affine, bending, dividing, type Piece, quantizing, sketchOf } from '../helpers/head-pieces.js';
import { loadBytes, noiseFeed, nothingBeside } from '../helpers/networks.js';

/** Every class's map of a random head, at another input than the one that the head was read with. */
const explained = async (pool: DrawnPool, pieces: readonly Piece[], seed: number) => {
  const bytes = buildModel(sketchOf(pool, pieces, seed));
  const network = await loadBytes(bytes);
  const [{ features, pooled, logits }] = await forward(network, [noiseFeed(2)]);
  const head = network.headAt(pooled, logits);
  const maps = Array.from(logits, (logit, index) => ({
    ...mapOf(network.precision, features, head, { class: index, label: '', logit, score: 0 }),
    outside: classMap(features, head.weightsOf(index).weights).outside,
  }));
  return { bytes, network, maps, logits };
};

/** What ONNX Runtime makes of the head where every cell was taken away, and every token beside them. */
const logitsOfNothing = async (bytes: Uint8Array, { head, trialSecant }: Network) => {
  const types = head.pooling.parts.map(() => 'float32');
  const alone = headAlone(readGraph(bytes, nothingBeside), head, types, new Map());
  const session = await runtime.open(alone, { file: '/nowhere/model.onnx', device: 'cpu', batch: 1, threads: 1 });
  const nothing = headInput(head, trialSecant.zero);
  expect(nothing.data.every((number) => number === 0)).toBe(true);
  const [outputs] = await session.run([{ name: HEAD_INPUT, type: 'float32', ...nothing }], [head.logits]);
  return outputs.get(head.logits)?.data ?? new Float32Array();
};

const anyOf = (pieces: Readonly<Record<string, Piece>>) =>
  fc.constantFrom(...Object.entries(pieces)).map(([label, piece]) => Object.assign(piece, { toString: () => label }));

const anyPool = fc
  .constantFrom(...Object.entries(drawnPools))
  .map(([label, pool]) => Object.assign({ ...pool }, { toString: () => label }));

/** What is held of the pool, and in the head. */
const together = (pool: DrawnPool, ...head: readonly Held[]) => {
  const held = [...pool.held, ...head].sort();
  return { kind: kindOf(held), held };
};

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
const runs = { numRuns: 25, seed: 1 };

// Sums of float32 in another order.
const ROUNDING = 1e-4;

describe('a random head after a random pool', () => {
  it('of affine operators is exact and complete', async () => {
    await fc.assert(
      fc.asyncProperty(anyPool, fc.array(anyOf(affine), { maxLength: 7 }), seeds, async (pool, pieces, seed) => {
        const { maps } = await explained(pool, pieces, seed);
        for (const { kind, held, residual } of maps) {
          expect({ kind, held }).toEqual(together(pool));
          expect(residual).toBeLessThan(ROUNDING);
        }
      }),
      runs,
    );
  });

  it('with norms holds their divisors and is complete', async () => {
    await fc.assert(
      fc.asyncProperty(anyPool, around(affine, dividing), seeds, async (pool, pieces, seed) => {
        const { maps } = await explained(pool, pieces, seed);
        for (const { kind, held, residual } of maps) {
          expect({ kind, held }).toEqual(together(pool, 'divisor of a norm'));
          expect(residual).toBeLessThan(ROUNDING);
        }
      }),
      runs,
    );
  });

  it('with activations and products holds their slopes and is complete, at any depth', async () => {
    await fc.assert(
      fc.asyncProperty(anyPool, around(affine, bending), seeds, async (pool, pieces, seed) => {
        const { maps } = await explained(pool, pieces, seed);
        for (const { kind, held, residual } of maps) {
          expect({ kind, held }).toEqual(together(pool, 'slope of an activation'));
          expect(residual).toBeLessThan(ROUNDING);
        }
      }),
      runs,
    );
  });

  it('of everything at once is complete', async () => {
    await fc.assert(
      fc.asyncProperty(anyPool, around({ ...affine, ...bending }, dividing), seeds, async (pool, pieces, seed) => {
        const { maps } = await explained(pool, pieces, seed);
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
      fc.asyncProperty(
        anyPool,
        fc.array(anyOf({ ...affine, ...bending }), { maxLength: 5 }),
        seeds,
        async (pool, pieces, seed) => {
          const { bytes, network, maps, logits } = await explained(pool, pieces, seed);
          const nothing = await logitsOfNothing(bytes, network);
          for (const { class: index, mean, outside } of maps) {
            const change = logits[index] - nothing[index];
            expect(Math.abs(mean + outside - change)).toBeLessThan(ROUNDING * Math.max(1, Math.abs(logits[index])));
          }
        },
      ),
      runs,
    );
  });

  it('with quantisers is complete but for what they round, and holds the ends that cut off', async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        anyPool,
        around({ ...affine, Relu: bending.Relu }, quantizing),
        seeds,
        async (pool, pieces, seed) => {
          const { maps, network } = await explained(pool, pieces, seed);
          expect(network.precision).toBe('int8');
          for (const { held, residual } of maps) {
            for (const what of held) ends.add(what);
            expect(residual).toBeLessThan(0.1);
          }
        },
      ),
      runs,
    );
    expect(ends).toContain('end of a quantiser');
    expect(ends).toContain('slope of an activation');
  });

  it.each([
    ['of float operators', { ...affine, ...dividing, ...bending }],
    // A norm may blow up what a quantiser rounded.
    ['with quantisers', { ...affine, ...bending, ...quantizing }],
  ])('%s can be exported, and the exported model gives the same maps', async (_, sorts) => {
    await fc.assert(
      fc.asyncProperty(anyPool, fc.array(anyOf(sorts), { maxLength: 5 }), seeds, async (pool, pieces, seed) => {
        const { bytes, network } = await explained(pool, pieces, seed);
        const exported = withClassMaps(bytes, readGraph(bytes, nothingBeside), network, undefined);
        await checkExport(exported, '/nowhere/model.onnx', network, noiseFeed(3), undefined);
      }),
      runs,
    );
  });
});
