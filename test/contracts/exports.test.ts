import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkExport } from '../../src/model/export/check.js';
import { CLASS_MAPS, withClassMaps } from '../../src/model/export/class-maps.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { prepareModel, trialFeed } from '../../src/model/prepare.js';
import { runtime } from '../../src/model/runtime/index.js';
import { buildModel } from '../helpers/build-model.js';
import { fixture } from '../helpers/folders.js';
import { loadBytes, noiseFeed, nothingBeside } from '../helpers/networks.js';
import { largestDifference } from '../helpers/pictures.js';

const pools = readdirSync(fixture('pools')).filter((name) => name.endsWith('.onnx') && !name.includes('refuse-'));
const heads = ['average-and-max', 'flatten', 'generalized-mean', 'max-pool', 'pool-2x2'].map(
  (name) => `heads/refuse-${name}.onnx`,
);
const files = [...pools.map((name) => `pools/${name}`), ...heads];

const open = (bytes: Uint8Array) =>
  runtime.open(bytes, { file: '/nowhere/model.onnx', device: 'cpu', batch: 1, threads: 1 });

describe('an exported model gives the maps of every pool', () => {
  it.each(files)('%s', async (name) => {
    const bytes = new Uint8Array(readFileSync(fixture(name)));
    const graph = readGraph(bytes, nothingBeside);
    const model = await prepareModel(fixture(name), { input: { size: '48x32' }, threads: 1 });
    const feed = trialFeed(model.input, 2);
    for (const top of [undefined, 2]) {
      const exported = withClassMaps(bytes, graph, model, top);
      await checkExport(exported, '/nowhere/model.onnx', model, feed, top);
      expect(exported.subarray(0, bytes.length)).toEqual(bytes);
    }
  });
});

it('an exported model gives a map of zeros for a generalised mean of zeros', async () => {
  const bytes = buildModel({
    nodes: [
      { op: 'Mul', in: ['input', 'first'], out: 'one' },
      { op: 'Relu', in: ['one'], out: 'features' },
      { op: 'Pow', in: ['features', 'power'], out: 'powers' },
      { op: 'GlobalAveragePool', in: ['powers'], out: 'mean' },
      { op: 'Pow', in: ['mean', 'root'], out: 'rooted' },
      { op: 'Flatten', in: ['rooted'], out: 'logits' },
    ],
    weights: {
      first: { dims: [1, 3, 1, 1], data: [1, 0, 0] },
      power: { dims: [], data: [3] },
      root: { dims: [], data: [1 / 3] },
    },
  });
  const network = await loadBytes(bytes);
  const session = await open(withClassMaps(bytes, readGraph(bytes, nothingBeside), network, undefined));
  const [run] = await session.run([noiseFeed(2)], [CLASS_MAPS]);
  const data = Array.from(run.get(CLASS_MAPS)?.data ?? []);
  expect(data.slice(48).every((value) => value === 0)).toBe(true);
  expect(Math.max(...data)).toBeGreaterThan(0);
});

describe('an exported model that is fed two pictures gives the maps of each', () => {
  it.each(files.filter((name) => !name.includes('dynamo-')))('%s', async (name) => {
    const bytes = new Uint8Array(readFileSync(fixture(name)));
    const model = await prepareModel(fixture(name), { input: { size: '48x32' }, threads: 1 });
    const session = await open(withClassMaps(bytes, readGraph(bytes, nothingBeside), model, undefined));
    const feeds = [2, 3].map((seed) => trialFeed(model.input, seed));
    const alone = await Promise.all(
      feeds.map(async (feed) => (await session.run([feed], [CLASS_MAPS]))[0].get(CLASS_MAPS)?.data ?? []),
    );
    const [{ dims }] = feeds;
    const data = Float32Array.from(feeds.flatMap((feed) => Array.from(feed.data)));
    const both = { ...feeds[0], dims: [2, ...dims.slice(1)], data };
    const [run] = await session.run([both], [CLASS_MAPS]);
    const maps = run.get(CLASS_MAPS);
    expect(maps?.dims[0]).toBe(2);
    expect(
      largestDifference(
        maps?.data ?? [],
        alone.flatMap((map) => Array.from(map)),
      ),
    ).toBeLessThan(1e-4);
  });
});
