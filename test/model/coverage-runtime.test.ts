import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../src/model/coverage/coverage.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { runtime } from '../../src/model/runtime/index.js';
import type { Fetched, Session } from '../../src/model/runtime/session.js';
import { buildModel, type NodeSketch } from '../helpers/build-model.js';

const HEIGHT = 40;
const spec = { name: 'input', layout: 'nchw' } as const;

interface Layer {
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly ceil: boolean;
  readonly automatic: 'NOTSET' | 'SAME_UPPER' | 'SAME_LOWER' | 'VALID';
}

/** A chain of pools; the last one gives `logits`. */
const chain = (layers: readonly Layer[]): Uint8Array =>
  buildModel({
    nodes: layers.map(
      ({ kernel, stride, before, after, ceil, automatic }, i): NodeSketch => ({
        op: 'AveragePool',
        in: [i === 0 ? 'input' : `t${i - 1}`],
        out: i === layers.length - 1 ? 'logits' : `t${i}`,
        with: {
          kernel_shape: [kernel, kernel],
          strides: [stride, stride],
          ceil_mode: ceil ? 1 : 0,
          auto_pad: automatic,
          ...(automatic === 'NOTSET' && { pads: [before, before, after, after] }),
        },
      }),
    ),
  });

const run = async (session: Session, width: number, bright?: number): Promise<Fetched> => {
  const data = new Float32Array(3 * HEIGHT * width);
  if (bright !== undefined) for (let row = 0; row < 3 * HEIGHT; row++) data[row * width + bright] = 1;
  const feed = { name: 'input', type: 'float32', layout: 'nchw', dims: [1, 3, HEIGHT, width], data } as const;
  const fetched = (await session.run([feed], ['logits']))[0].get('logits');
  if (fetched === undefined) throw new Error('nothing was fetched');
  return fetched;
};

const columnsOf = (bytes: Uint8Array, width: number) => {
  const graph = readGraph(bytes, () => {
    throw new Error('no second file');
  });
  return coverageOf(graph, 'logits', spec, { width, height: HEIGHT })?.columns;
};

const open = (bytes: Uint8Array): Promise<Session> =>
  runtime.open(bytes, { file: 'lone.onnx', device: 'cpu', batch: 1, threads: 1 });

// The runtime refuses a pad of a kernel's size or more, and automatic ones below 0, where steps skip pixels.
const layer = fc
  .record({ kernel: fc.integer({ min: 1, max: 5 }), stride: fc.integer({ min: 1, max: 3 }) })
  .chain(({ kernel, stride }) =>
    fc.record({
      kernel: fc.constant(kernel),
      stride: fc.constant(Math.min(stride, kernel)),
      before: fc.integer({ min: 0, max: kernel - 1 }),
      after: fc.integer({ min: 0, max: kernel - 1 }),
      ceil: fc.boolean(),
      automatic: fc.constantFrom('NOTSET', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
    }),
  );

const width = fc.integer({ min: 20, max: 70 });

describe('what the layers tell', () => {
  it('is as many cells as the runtime gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 3 }), width, async (layers, size) => {
        const bytes = chain(layers);
        const columns = columnsOf(bytes, size);
        fc.pre(columns !== undefined);
        const { dims } = await run(await open(bytes), size);
        expect(columns?.cells).toBe(dims[3]);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('ends, without padding, with the last pixel that changes a cell', async () => {
    const bare = layer.map((each): Layer => ({ ...each, automatic: 'VALID', ceil: false }));
    await fc.assert(
      fc.asyncProperty(fc.array(bare, { minLength: 1, maxLength: 3 }), width, async (layers, size) => {
        const bytes = chain(layers);
        const columns = columnsOf(bytes, size);
        fc.pre(columns !== undefined);
        const session = await open(bytes);
        const seen: boolean[] = [];
        for (let x = 0; x < size; x++) seen.push((await run(session, size, x)).data.some((value) => value !== 0));
        // Each layer's cells share their part equally, so a border between them may fall into a pixel.
        const stride = columns?.stride ?? Number.NaN;
        expect(Math.abs((columns?.end ?? 0) - (seen.lastIndexOf(true) + 1))).toBeLessThan(stride / 2 + 0.5);
        expect(seen.indexOf(true)).toBe(columns?.start);
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});
