import { describe, expect, it } from 'vitest';
import type { TensorFeed } from '../../src/image/feed.js';
import { runtimes } from '../../src/model/runtime/index.js';
import type { Runtime, Session } from '../../src/model/runtime/session.js';
import { buildModel, colorClassifier } from '../helpers/build-model.js';

const onCpu = { file: '/nowhere/model.onnx', device: 'cpu', batch: 1, threads: 1 } as const;

/** A picture of one colour, [1, 3, height, width]. */
const picture = (rgb: readonly [number, number, number], height: number, width: number): TensorFeed => ({
  name: 'input',
  type: 'float32',
  dims: [1, 3, height, width],
  data: Float32Array.from({ length: 3 * height * width }, (_, i) => rgb[Math.floor(i / (height * width))]),
});

const red = picture([1, 0, 0], 2, 3);
const green = picture([0, 1, 0], 4, 2);

/** What every runtime does for the network that is the colour classifier. */
const contract = (runtime: Runtime): void => {
  it('gives the tensors that are asked for, of each feed in its order, with their dims', async () => {
    const session = await runtime.open(colorClassifier(), onCpu);
    const results = await session.run([red, green, red], ['logits']);
    expect(results.map((result) => [...result.keys()])).toEqual([['logits'], ['logits'], ['logits']]);
    expect(results.map((result) => Array.from(result.get('logits')?.data ?? []))).toEqual([
      [1, -1],
      [-1, 1],
      [1, -1],
    ]);
    expect(results[0].get('logits')).toMatchObject({ type: 'float32', dims: [1, 2] });
  });

  it('gives nothing where no picture is fed', async () => {
    const session = await runtime.open(colorClassifier(), onCpu);
    expect(await session.run([], ['logits'])).toEqual([]);
  });

  it('fills a batch that is fixed above 1 with each picture, and gives as many of everything', async () => {
    const four = buildModel({
      input: [4, 3, 2, 3],
      nodes: [{ op: 'ReduceMean', in: ['input'], out: 'logits', with: { axes: [2, 3], keepdims: 0 } }],
    });
    const session = await runtime.open(four, onCpu);
    const [result] = await session.run([red], ['logits']);
    expect(result.get('logits')?.dims).toEqual([4, 3]);
    expect(Array.from(result.get('logits')?.data ?? [])).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
  });

  it('refuses what is no network, and a picture that the network cannot take', async () => {
    await expect(runtime.open(Uint8Array.of(1, 2, 3), onCpu)).rejects.toMatchObject({ code: 'not-loadable' });
    const session = await runtime.open(colorClassifier(), onCpu);
    const gray = { ...red, dims: [1, 1, 6, 3] };
    await expect(session.run([gray], ['logits'])).rejects.toMatchObject({ code: 'not-runnable' });
  });
};

describe.each(Object.entries<Runtime>(runtimes))('%s', (_, runtime) => contract(runtime));

/** A member that is made up for this test: it does all that it is asked for, but keeps what it gave before. */
const remembering = (runtime: Runtime): Runtime => ({
  open: async (bytes, options) => {
    const session = await runtime.open(bytes, options);
    const known = new Map<TensorFeed, Awaited<ReturnType<Session['run']>>[number]>();
    return {
      run: async (feeds, fetches) => {
        for (const feed of feeds) if (!known.has(feed)) known.set(feed, (await session.run([feed], fetches))[0]);
        return feeds.flatMap((feed) => known.get(feed) ?? []);
      },
    };
  },
});

describe('one more member', () => contract(remembering(runtimes['onnxruntime-node'])));
