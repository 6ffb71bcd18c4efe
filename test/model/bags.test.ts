import { describe, expect, it } from 'vitest';
import { attentionOver, averageOver, bag, bagWithClassToken, random, sketchOf, tokens } from '../helpers/bags.js';
import { buildModel, type ModelSketch, type NodeSketch } from '../helpers/build-model.js';
import { loadBytes } from '../helpers/networks.js';

const load = (nodes: readonly NodeSketch[], more?: Partial<ModelSketch>) =>
  loadBytes(buildModel(sketchOf(nodes, more)));
const halves = { integers: { fifth: [5], third: [2] } };

describe('tokens that make no grid', () => {
  it('are a row of cells where attention pools them, of which no order is tried', async () => {
    const { grid, cellOrder } = await load([...bag, ...attentionOver('bag')]);
    expect(grid).toMatchObject({ layout: 'row', rows: 1, columns: 7, outside: [] });
    expect(cellOrder).toBe('untried');
  });

  it('are refused where they are averaged, as a class token may be among them', async () => {
    await expect(load([...bag, ...averageOver('bag')])).rejects.toThrow(/7 tokens, which make no one grid/);
  });

  it.each([0, 5])('are a row without their class token, %i turned halves further down', async (turns) => {
    const { grid } = await load([...bagWithClassToken(turns), ...attentionOver(`turned ${turns}`)], halves);
    expect(grid).toMatchObject({ layout: 'row', columns: 7, first: 4, outside: [0] });
  });

  it('are refused where a sum weighs a class token with them', async () => {
    const nodes = [...bagWithClassToken(0), ...attentionOver('turned 0', true)];
    await expect(load(nodes)).rejects.toThrow(/over 8 tokens, of which 7 are cells/);
  });

  it('are refused where more was put together than is looked at', async () => {
    const doubled = Array.from({ length: 5 }, (_, i): NodeSketch[] => [
      { op: 'Concat', in: [`bag ${i}`, `bag ${i}`], out: `twice ${i}`, with: { axis: 1 } },
      { op: 'Slice', in: [`twice ${i}`, 'start', 'end', 'second'], out: `bag ${i + 1}` },
    ]).flat();
    const nodes = [...bag, { op: 'Identity', in: ['bag'], out: 'bag 0' }, ...doubled, ...attentionOver('bag 5')];
    await expect(load(nodes)).rejects.toThrow(/7 tokens, which make no one grid/);
  });
});

describe('some of the tokens', () => {
  it('are no grid, though they are as many as one has', async () => {
    const twelve = { integers: { end: [12] } };
    const { grid } = await load([...bag, ...attentionOver('bag')], twelve);
    expect(grid).toMatchObject({ layout: 'row', rows: 1, columns: 12 });
    await expect(load([...bag, ...averageOver('bag')], twelve)).rejects.toThrow(/12 tokens, which make no one grid/);
  });
});

describe('tokens that make a grid', () => {
  it('are drawn as one where attention pools them', async () => {
    const { grid } = await load([...tokens, ...attentionOver('tokens')]);
    expect(grid).toMatchObject({ layout: 'tokens', rows: 6, columns: 8 });
  });

  it('are all cells, though as many channels were put together as there are tokens', async () => {
    const stem = { op: 'Conv', in: ['input', 'wide'], out: 'half' };
    const both = { op: 'Concat', in: ['half', 'half'], out: 'features', with: { axis: 1 } };
    const weights = { wide: random([24, 3, 1, 1], 5), asks: random([48, 1], 6), fc: random([48, 3], 7) };
    const nodes = [stem, both, ...tokens.slice(1), ...attentionOver('tokens')];
    const integers = { flat: [-1, 48, 48], vectors: [-1, 48] };
    const { grid } = await load(nodes, { weights, integers });
    expect(grid).toMatchObject({ rows: 6, columns: 8, outside: [] });
  });

  it('are the same pool where the product is an Einsum', async () => {
    const product = { op: 'Einsum', in: ['turned', 'tokens'], out: 'pooled', with: { equation: 'bkn,bnc->bkc' } };
    const nodes = attentionOver('tokens').map((node) => (node.out === 'pooled' ? product : node));
    expect((await load([...tokens, ...nodes])).held).toEqual(['attention weights']);
  });
});

// Each of these has as many of something else as a grid of the input has cells, and would be complete.
describe('registers', () => {
  it('are no cells, put beside them before a class token was', async () => {
    const nodes: readonly NodeSketch[] = [
      ...tokens,
      { op: 'Concat', in: ['tokens', 'registers'], out: 'with registers', with: { axis: 1 } },
      { op: 'Concat', in: ['classToken', 'with registers'], out: 'all', with: { axis: 1 } },
      ...attentionOver('all'),
    ];
    const { grid } = await load(nodes, { weights: { registers: random([1, 3, 4], 12) } });
    expect(grid).toMatchObject({ rows: 6, columns: 8, first: 4, outside: [0, 49, 50, 51].map((token) => token * 4) });
  });
});

describe('what is as many as cells and no cells', () => {
  const asked: readonly NodeSketch[] = [
    { op: 'MatMul', in: ['tokens', 'twelve'], out: 'gates' },
    { op: 'Transpose', in: ['gates'], out: 'gates turned', with: { perm: [0, 2, 1] } },
  ];
  const twelve = { weights: { twelve: random([4, 12], 8) } };

  it('channels', async () => {
    const weights = { stem: random([48, 3, 1, 1], 5), asks: random([48, 1], 6), fc: random([48, 3], 7) };
    const integers = { flat: [-1, 48, 48], vectors: [-1, 48] };
    const nodes = [...tokens.slice(0, 2), ...attentionOver('rows')];
    await expect(load(nodes, { weights, integers })).rejects.toThrow(/over channels, which are no cells/);
  });

  it('tokens learned by gates over all positions', async () => {
    const learned: readonly NodeSketch[] = [
      { op: 'Sigmoid', in: ['gates turned'], out: 'gated' },
      { op: 'MatMul', in: ['gated', 'tokens'], out: 'learned' },
    ];
    for (const pool of [attentionOver, averageOver]) {
      const nodes = [...tokens, ...asked, ...learned, ...pool('learned')];
      await expect(load(nodes, twelve)).rejects.toThrow(/MatMul has pooled rows, columns or all positions/);
    }
  });

  it('experts, whose positions were averaged', async () => {
    const experts: readonly NodeSketch[] = [
      { op: 'MatMul', in: ['tokens', 'expert'], out: 'wide' },
      { op: 'Reshape', in: ['wide', 'apart'], out: 'experts' },
      { op: 'ReduceMean', in: ['experts'], out: 'means', with: { axes: [1], keepdims: 0 } },
    ];
    const more = { weights: { expert: random([4, 48], 9) }, integers: { apart: [-1, 48, 12, 4] } };
    const nodes = [...tokens, ...experts, ...attentionOver('means')];
    await expect(load(nodes, more)).rejects.toThrow(/ReduceMean has pooled rows, columns or all positions/);
  });

  it.each(['Einsum', 'com.microsoft.MultiHeadAttention'])('answers to stored queries, by %s', async (op) => {
    const answers: readonly NodeSketch[] =
      op === 'Einsum'
        ? [
            { op, in: ['queries', 'tokens'], out: 'wants', with: { equation: 'bqc,bnc->bqn' } },
            { op: 'Softmax', in: ['wants'], out: 'attends', with: { axis: -1 } },
            { op, in: ['attends', 'tokens'], out: 'answers', with: { equation: 'bqn,bnc->bqc' } },
          ]
        : [{ op, in: ['queries', 'tokens', 'tokens'], out: 'answers', with: { num_heads: 1 } }];
    const more = { weights: { queries: random([1, 12, 4], 10) } };
    const nodes = [...tokens, ...answers, ...averageOver('answers')];
    await expect(load(nodes, more)).rejects.toThrow(/attention with stored queries has mixed all positions/);
  });

  it('answers to stored queries that asked twice, with the picture at hand', async () => {
    const asks = (queries: string, answers: string): readonly NodeSketch[] => [
      { op: 'Transpose', in: ['tokens'], out: `keys of ${answers}`, with: { perm: [0, 2, 1] } },
      { op: 'MatMul', in: [queries, `keys of ${answers}`], out: `wants of ${answers}` },
      { op: 'Softmax', in: [`wants of ${answers}`], out: `attends to ${answers}`, with: { axis: -1 } },
      { op: 'MatMul', in: [`attends to ${answers}`, 'tokens'], out: `heard of ${answers}` },
      { op: 'Add', in: [queries, `heard of ${answers}`], out: answers },
    ];
    const nodes = [...tokens, ...asks('queries', 'first'), ...asks('first', 'answers'), ...averageOver('answers')];
    const more = { weights: { queries: random([1, 12, 4], 10) } };
    await expect(load(nodes, more)).rejects.toThrow(/attention with stored queries has mixed all positions/);
  });

  it('but not where cells take up what was asked of all of them', async () => {
    const nodes: readonly NodeSketch[] = [
      ...tokens,
      ...attentionOver('tokens').filter(({ out }) => ['scores', 'shares', 'turned', 'pooled'].includes(out)),
      { op: 'Add', in: ['tokens', 'pooled'], out: 'informed' },
      ...averageOver('informed'),
    ];
    expect((await load(nodes)).grid).toMatchObject({ rows: 6, columns: 8 });
  });
});

describe('an average of one cell', () => {
  const conv = { op: 'Conv', in: ['features', 'whole'], out: 'seen' };
  const rest: readonly NodeSketch[] = [
    { op: 'GlobalAveragePool', in: ['bent'], out: 'one' },
    { op: 'Flatten', in: ['one'], out: 'vector' },
    { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
  ];
  const relu = { op: 'Relu', in: ['seen'], out: 'bent' };

  it('leaves the cells of the convolution over the whole map before it', async () => {
    const { grid, head } = await load([tokens[0], conv, relu, ...rest], {
      weights: { whole: random([4, 4, 6, 8], 11) },
    });
    expect(grid).toMatchObject({ rows: 6, columns: 8 });
    expect(head.operators).toEqual(['Conv', 'Relu', 'GlobalAveragePool', 'Flatten', 'MatMul']);
  });

  it('is the pool where nothing before it has more cells', async () => {
    const strided = { ...conv, with: { strides: [6, 8], pads: [1, 1, 0, 0], kernel_shape: [6, 8] } };
    const { grid } = await load([tokens[0], strided, relu, ...rest], { weights: { whole: random([4, 4, 6, 8], 11) } });
    expect(grid).toMatchObject({ rows: 1, columns: 1 });
  });
});

describe('a head without a finite value at zero', () => {
  it('is refused, and the reason is said', async () => {
    const nodes: readonly NodeSketch[] = [
      tokens[0],
      { op: 'Exp', in: ['features'], out: 'positive' },
      { op: 'GlobalAveragePool', in: ['positive'], out: 'pooled' },
      { op: 'Log', in: ['pooled'], out: 'log' },
      { op: 'Flatten', in: ['log'], out: 'vector' },
      { op: 'MatMul', in: ['vector', 'fc'], out: 'logits' },
    ];
    await expect(load(nodes)).rejects.toThrow(/gives no finite number|log-sum-exp/);
  });
});
