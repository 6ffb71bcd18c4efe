import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Feed } from '../../src/image/feed.js';
import type { FeatureMap } from '../../src/maps/feature-map.js';
import { tryCellOrder } from '../../src/model/cell-order/cell-order.js';
import { type Cells, otherOrders } from '../../src/model/cell-order/orders.js';
import { forward, loadNetwork, type Network } from '../../src/model/network.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { prepareModel, trialFeed } from '../../src/model/prepare.js';
import { buildModel, diffuseClassifier, type NodeSketch } from '../helpers/build-model.js';
import { loadBytes, noise, noiseFeed, nothingBeside } from '../helpers/networks.js';

const random = (dims: readonly number[], seed: number) => ({
  dims,
  data: noise(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ),
});

const weights = { stem: random([4, 3, 3, 3], 1), fc: random([4, 3], 2) };
const stem: NodeSketch = { op: 'Conv', in: ['input', 'stem'], out: 'features', with: { pads: [1, 1, 1, 1] } };
const headOf = (features: string): NodeSketch[] => [
  { op: 'GlobalAveragePool', in: [features], out: 'pooled' },
  { op: 'Flatten', in: ['pooled'], out: 'vector' },
  { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
];

/** A convolution over 6 x 8 pixels whose cells are put in another order before the average. */
const reordered = (places: readonly number[], before: readonly NodeSketch[] = [stem]) =>
  buildModel({
    nodes: [
      ...before,
      { op: 'Reshape', in: ['features', 'flat'], out: 'tokens' },
      { op: 'Gather', in: ['tokens', 'from'], out: 'moved', with: { axis: 2 } },
      { op: 'Reshape', in: ['moved', 'map'], out: 'turned' },
      ...headOf('turned'),
    ],
    weights,
    integers: { flat: [1, 4, 48], map: [1, 4, 6, 8], from: fromOf(places) },
  });

/** Which cell comes to each place. */
const fromOf = (places: readonly number[]): number[] => {
  const from = new Array<number>(places.length);
  for (const [cell, place] of places.entries()) from[place] = cell;
  return from;
};

const shuffled = (count: number, seed: number): number[] => {
  const keys = noise(count, seed);
  return keys.map((_, cell) => cell).sort((a, b) => keys[a] - keys[b]);
};

const grid: Cells = { rows: 6, columns: 8 };
const cellsOf = ({ rows, columns }: Cells) => Array.from({ length: rows * columns }, (_, cell) => cell);
const isOrder = (places: readonly number[]) =>
  new Set(places).size === places.length && places.some((place, cell) => place !== cell);

/** The known orders that bring each cell to a place of its own. */
const ordersOf = (cells: Cells): [string, number[]][] =>
  otherOrders(cells)
    .map(({ words, placeOf }): [string, number[]] => [words, cellsOf(cells).map(placeOf)])
    .filter(([, places]) => isOrder(places));

const refusal = (words: string) => `do not lie in the order of the picture, but ${words}`;

describe('cells in another order than the picture', () => {
  it.each(ordersOf(grid))('%s are refused, and the order is named', async (words, places) => {
    await expect(loadBytes(reordered(places))).rejects.toMatchObject({
      code: 'cell-order',
      message: expect.stringContaining(refusal(words)),
    });
  });

  it.each([1, 2, 3])('that nobody foresaw are refused: shuffle %i', async (seed) => {
    await expect(loadBytes(reordered(shuffled(48, seed)))).rejects.toThrow(refusal('in another order'));
  });

  it('moved by half the map are refused, as shifted windows left where they are', async () => {
    const places = cellsOf(grid).map((cell) => ((Math.floor(cell / 8) + 3) % 6) * 8 + (((cell % 8) + 4) % 8));
    await expect(loadBytes(reordered(places))).rejects.toThrow(refusal('in another order'));
  });

  it('are no other order where they only change places with neighbours', async () => {
    const { cellOrder } = await loadBytes(reordered(cellsOf(grid).map((cell) => cell ^ 1)));
    expect(cellOrder).toBe('picture');
  });
});

describe('cells in the order of the picture', () => {
  it('are seen to be', async () => {
    expect(await loadBytes(reordered(cellsOf(grid)))).toMatchObject({ cellOrder: 'picture' });
  });

  it('are seen to be where each answers half a cell further down and to the right', async () => {
    const late = { ...stem, with: { pads: [2, 2, 0, 0] } };
    expect(await loadBytes(reordered(cellsOf(grid), [late]))).toMatchObject({ cellOrder: 'picture' });
  });
});

/** Of the other cells, how many change less than the own one when its patch is turned over; 0.5 by chance. */
const shareBelowOwn = async (network: Network, cell: number): Promise<number> => {
  const feed = noiseFeed(1);
  const turned = { ...feed, data: feed.data.slice() };
  for (let channel = 0; channel < 3; channel++) turned.data[channel * 48 + cell] *= -1;
  const [before, after] = (await forward(network, [feed, turned])).map(({ features }) => features);
  const { channels, channelStride } = before.grid;
  const change = (j: number) =>
    Array.from({ length: channels }, (_, k) => before.data[k * channelStride + j] - after.data[k * channelStride + j])
      .map((difference) => difference ** 2)
      .reduce((a, b) => a + b);
  return cellsOf(grid).filter((other) => change(other) < change(cell)).length / 47;
};

describe('a network whose cells all react to everything', () => {
  it('is accepted, as one whose order could not be tried', async () => {
    expect(await loadBytes(diffuseClassifier())).toMatchObject({ cellOrder: 'untried' });
  });

  it('would be refused if its own cells had to change most', async () => {
    const network = await loadBytes(diffuseClassifier());
    // Six patches spread over the map, three quarters: the rule that was wrong.
    const shares = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => shareBelowOwn(network, i * 8 + 4)));
    expect(shares.reduce((a, b) => a + b) / 6).toBeLessThan(0.75);
  });
});

describe('the numbers that photos are fed as', () => {
  const load = (bytes: Uint8Array, scale: number, offset: number): Promise<Network> => {
    const feed = noiseFeed(1);
    return loadNetwork({
      bytes,
      file: '/nowhere/model.onnx',
      graph: readGraph(bytes, nothingBeside),
      trial: { ...feed, data: feed.data.map((value) => value * scale + offset) },
      size: { width: 8, height: 6 },
      outputName: undefined,
      threads: 1,
    });
  };
  // What lies outside of its limits does not reach the network's features.
  const limited = (low: number, high: number, places: readonly number[]) =>
    buildModel({
      nodes: [
        { op: 'Clip', in: ['input', 'low', 'high'], out: 'limited' },
        { ...stem, in: ['limited', 'stem'] },
        { op: 'Reshape', in: ['features', 'flat'], out: 'tokens' },
        { op: 'Gather', in: ['tokens', 'from'], out: 'moved', with: { axis: 2 } },
        { op: 'Reshape', in: ['moved', 'map'], out: 'turned' },
        ...headOf('turned'),
      ],
      weights: { ...weights, low: { dims: [], data: [low] }, high: { dims: [], data: [high] } },
      integers: { flat: [1, 4, 48], map: [1, 4, 6, 8], from: fromOf(places) },
    });
  const mirrored = cellsOf(grid).map((cell) => Math.floor(cell / 8) * 8 + 7 - (cell % 8));

  it.each([
    ['-1 to 1', -1, 1],
    ['0 to 1', 0, 1],
    ['bytes', 2, 250],
  ])('change nothing for a network of %s', async (_, low, high) => {
    for (const [scale, offset] of [
      [1, 0],
      [0.5, 0.5],
      [128, 128],
      [1000, 9000],
    ]) {
      expect(await load(limited(low, high, cellsOf(grid)), scale, offset)).toMatchObject({ cellOrder: 'picture' });
      await expect(load(limited(low, high, mirrored), scale, offset)).rejects.toThrow(
        refusal('mirrored, left for right'),
      );
    }
  });
});

/** A network of a test: the mean over each cell's part of the picture, mixed with the mean over all. */
const meansOf =
  (cells: Cells, own: number) =>
  async ({ data, dims, layout }: Feed): Promise<FeatureMap> => {
    const [channels, height, width] = layout === 'nchw' ? dims.slice(1) : [dims[3], dims[1], dims[2]];
    const { rows, columns } = cells;
    const means = new Float32Array(channels * rows * columns);
    for (let at = 0; at < channels * height * width; at++) {
      const pixel = layout === 'nchw' ? at % (height * width) : Math.floor(at / channels);
      const channel = layout === 'nchw' ? Math.floor(at / (height * width)) : at % channels;
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      const cell = Math.floor((row * rows) / height) * columns + Math.floor((column * columns) / width);
      means[channel * rows * columns + cell] += (data[at] * rows * columns) / (height * width);
    }
    const all = means.reduce((sum, value) => sum + value, 0) / means.length;
    return { data: means.map((value) => own * value + (1 - own) * all), grid: gridOf(cells, channels), coefficients };
  };

const gridOf = ({ rows, columns }: Cells, channels: number) => ({
  layout: 'nchw' as const,
  rows,
  columns,
  channels,
  channelStride: rows * columns,
  rowStride: columns,
  columnStride: 1,
  first: 0,
  outside: [],
  headChannels: channels,
  headStride: 0,
});

const coefficients = [{ kind: 'equal' }] as const;

const feedLike = (over: Partial<Feed>): Feed => ({ ...noiseFeed(1), dims: [1, 3, 56, 56], ...over });

describe('the trial', () => {
  it.each<[string, Partial<Feed>]>([
    ['colour planes', {}],
    ['pixels side by side', { layout: 'nhwc', dims: [1, 56, 56, 3] }],
    ['one channel', { dims: [1, 1, 56, 56] }],
    ['bytes', { type: 'uint8' }],
    ['a size that cells do not divide', { dims: [1, 3, 59, 61] }],
  ])('tells the order from %s', async (_, over) => {
    const cells = { rows: 7, columns: 7 };
    expect(await tryCellOrder(meansOf(cells, 0.9), feedLike(over), gridOf(cells, 3))).toBe('picture');
  });

  it('takes seven forward passes where the order is clear', async () => {
    const cells = { rows: 7, columns: 7 };
    let passes = 0;
    const run = (feed: Feed) => {
      passes++;
      return meansOf(cells, 0.9)(feed);
    };
    await tryCellOrder(run, feedLike({}), gridOf(cells, 3));
    expect(passes).toBe(7);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
  ])('is not made on a grid of %i x %i', async (rows, columns) => {
    const run = () => Promise.reject(new Error('a forward pass'));
    expect(await tryCellOrder(run, feedLike({}), gridOf({ rows, columns }, 3))).toBe('untried');
  });

  it.each([0, Number.NaN, Number.POSITIVE_INFINITY])(
    'tells nothing, and stops early, where features are all %d',
    async (value) => {
      const cells = { rows: 7, columns: 7 };
      let passes = 0;
      const run = async () => {
        passes++;
        return { data: new Float32Array(3 * 49).fill(value), grid: gridOf(cells, 3), coefficients };
      };
      expect(await tryCellOrder(run, feedLike({}), gridOf(cells, 3))).toBe('untried');
      // Seven for each range of numbers.
      expect(passes).toBe(21);
    },
  );

  it('tells nothing where reactions come and go without a rule', async () => {
    const cells = { rows: 8, columns: 12 };
    for (let seed = 1; seed <= 12; seed++) {
      let pass = 0;
      const run = async () => {
        const data = Float32Array.from(noise(3 * 96, seed * 1000 + pass++), (value) =>
          Math.abs(value) > 0.95 ? 1 : 0,
        );
        return { data, grid: gridOf(cells, 3), coefficients };
      };
      expect(await tryCellOrder(run, feedLike({}), gridOf(cells, 3))).toBe('untried');
    }
  });
});

/** A network of a test whose cells read each part of the picture, pixel by pixel, with a weight: [cell][part]. */
const weighted =
  (weightOf: (cell: number, part: number) => number) =>
  async ({ data }: Feed): Promise<FeatureMap> => {
    const cells = { rows: 7, columns: 7 };
    const out = new Float32Array(3 * 64 * 49);
    for (let part = 0; part < 49; part++) {
      const start = Math.floor(part / 7) * 8 * 56 + (part % 7) * 8;
      for (let k = 0; k < 3 * 64; k++) {
        const inside = k % 64;
        const value = data[Math.floor(k / 64) * 56 * 56 + start + Math.floor(inside / 8) * 56 + (inside % 8)];
        for (let cell = 0; cell < 49; cell++) out[k * 49 + cell] += weightOf(cell, part) * value;
      }
    }
    return { data: out, grid: gridOf(cells, 3 * 64), coefficients };
  };

describe('cells that react to much', () => {
  const like = feedLike({});
  const grid = gridOf({ rows: 7, columns: 7 }, 3 * 64);
  const habits = noise(49 * 49, 4);

  it('tell nothing where each favours some parts of the picture, but parts that lie anywhere', async () => {
    const run = weighted((cell, part) => Math.exp(habits[cell * 49 + part]));
    expect(await tryCellOrder(run, like, grid)).toBe('untried');
  });

  it('are refused in another order where each favours one part and what lies around it', async () => {
    const places = shuffled(49, 3);
    const away = (a: number, b: number) => Math.hypot(Math.floor(a / 7) - Math.floor(b / 7), (a % 7) - (b % 7));
    const run = weighted((cell, part) => 1 / (1 + away(places[cell], part) / 2) + habits[cell * 49 + part] / 20);
    await expect(tryCellOrder(run, like, grid)).rejects.toThrow(refusal('in another order'));
  });
});

describe('a trained network', () => {
  /** Runs it on each input once, however often its cells are put in another order. */
  const load = async (model: string) => {
    const network = await prepareModel(model, { threads: 1 });
    const known = new Map<string, FeatureMap>();
    const run = async (feed: Feed): Promise<FeatureMap> => {
      const key = createHash('sha1').update(new Uint8Array(feed.data.buffer)).digest('hex');
      const features = known.get(key) ?? (await forward(network, [feed]))[0].features;
      known.set(key, features);
      return features;
    };
    return { network, run, like: trialFeed(network.input, 1) };
  };
  const moved = ({ data, grid, coefficients: own }: FeatureMap, places: readonly number[]): FeatureMap => {
    const out = new Float32Array(data.length);
    for (let k = 0; k < grid.channels; k++) {
      for (const [cell, place] of places.entries())
        out[k * grid.channelStride + place] = data[k * grid.channelStride + cell];
    }
    return { data: out, grid, coefficients: own };
  };

  it.each(['nin-cifar10', 'efficientnet-lite0'])(
    '%s is seen to keep the order, and refused in any other',
    async (name) => {
      const { network, run, like } = await load(name);
      expect(network.cellOrder).toBe('picture');
      const count = network.grid.rows * network.grid.columns;
      for (const [words, places] of [...ordersOf(network.grid), ['in another order', shuffled(count, 5)] as const]) {
        const trial = tryCellOrder(async (feed) => moved(await run(feed), places), like, network.grid);
        await expect(trial, words).rejects.toMatchObject({ code: 'cell-order' });
      }
    },
  );
});
