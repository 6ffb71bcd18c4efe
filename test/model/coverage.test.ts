import { describe, expect, it } from 'vitest';
import { coverageOf, coveredBy } from '../../src/model/coverage/coverage.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { buildModel, type ModelSketch, type NodeSketch } from '../helpers/build-model.js';

const graphOf = (sketch: Omit<ModelSketch, 'outputs'>, output: string) =>
  readGraph(buildModel({ ...sketch, outputs: [output] }), () => {
    throw new Error('no second file');
  });

type Spec = Parameters<typeof coverageOf>[2];
const nchw: Spec = { name: 'input', layout: 'nchw' };
const nhwc: Spec = { name: 'input', layout: 'nhwc' };

/** Layers one after the other, each of one input and perhaps stored ones. */
const chain = (...layers: readonly Omit<NodeSketch, 'out'>[]): readonly NodeSketch[] =>
  layers.map((layer, i) => ({
    ...layer,
    in: [i === 0 ? 'input' : `t${i - 1}`, ...layer.in],
    out: i === layers.length - 1 ? 'map' : `t${i}`,
  }));

const pool = (kernel: number, stride: number, pads = [0, 0], more: NodeSketch['with'] = {}) => ({
  op: 'MaxPool',
  in: [],
  with: {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [pads[0], pads[0], pads[1], pads[1]],
    ...more,
  },
});

const relu = { op: 'Relu', in: [] };

/** Cells along a row, with where they start and end, of a network of these layers. */
const along = (size: number, nodes: readonly NodeSketch[], sketch: Partial<ModelSketch> = {}, spec = nchw) => {
  const found = coverageOf(graphOf({ ...sketch, nodes }, 'map'), 'map', spec, { width: size, height: 64 });
  if (found === undefined) return undefined;
  const { cells, start, end, stride } = found.columns;
  return { cells, stride, covers: [start, end] };
};

const five = [2, 2, 2, 2, 2];

describe('what the cells cover', () => {
  it.each([
    [224, 7, 224],
    [225, 7, 224],
    [250, 7, 224],
    [255, 7, 224],
    [256, 8, 256],
  ])('ends with the last step of patches side by side: %d pixels', (size, cells, end) => {
    expect(along(size, chain(...five.map(() => pool(2, 2))))).toEqual({ cells, stride: 32, covers: [0, end] });
  });

  it('ends at a whole pixel where patches do, at every size', () => {
    for (let size = 32; size < 1000; size++) {
      const end = Math.floor(size / 32) * 32;
      expect(along(size, chain(...five.map(() => pool(2, 2))))?.covers).toEqual([0, end]);
    }
  });

  it.each([
    [224, 7, 224],
    [225, 8, 225],
    [250, 8, 250],
    [256, 8, 256],
  ])('is all where layers are padded on both sides: %d pixels', (size, cells, end) => {
    expect(along(size, chain(...five.map(() => pool(3, 2, [1, 1]))))).toEqual({ cells, stride: 32, covers: [0, end] });
  });

  it.each([
    [224, 7, 224],
    [250, 7, 224],
    [256, 8, 256],
  ])('ends with the last step where layers are padded at the end alone: %d pixels', (size, cells, end) => {
    expect(along(size, chain(...five.map(() => pool(3, 2, [0, 1]))))).toEqual({ cells, stride: 32, covers: [0, end] });
  });

  it('is all but a pixel where a layer without padding leaves it over', () => {
    expect(along(299, chain(pool(3, 2)))).toEqual({ cells: 149, stride: 2, covers: [0, 299] });
    expect(along(300, chain(pool(3, 2)))).toEqual({ cells: 149, stride: 2, covers: [0, 299] });
    expect(along(299, chain(pool(3, 2), pool(3, 1)))).toEqual({ cells: 147, stride: 2, covers: [0, 299] });
  });

  it('is all where windows that are begun count, too', () => {
    expect(along(10, chain(pool(3, 2, [0, 0], { ceil_mode: 1 })))).toEqual({ cells: 5, stride: 2, covers: [0, 10] });
    expect(along(10, chain(pool(3, 2)))).toEqual({ cells: 4, stride: 2, covers: [0, 9] });
    // The last would begin in the padding, so it is none.
    expect(along(3, chain(pool(1, 2, [1, 1], { ceil_mode: 1 })))?.cells).toBe(2);
  });

  it('is all with automatic padding, and what fits without', () => {
    const automatic = (auto_pad: string) => chain(pool(3, 4, undefined, { auto_pad }));
    expect(along(30, automatic('SAME_UPPER'))).toEqual({ cells: 8, stride: 4, covers: [0, 30] });
    expect(along(30, automatic('SAME_LOWER'))).toEqual({ cells: 8, stride: 4, covers: [0, 30] });
    expect(along(30, automatic('VALID'))).toEqual({ cells: 7, stride: 4, covers: [0, 28] });
  });

  it('does not grow by what a padded layer sees around its own cells', () => {
    const nodes = chain(pool(4, 4), pool(7, 1, [3, 3]), pool(2, 2), pool(7, 1, [3, 3]), pool(2, 2), pool(2, 2));
    expect(along(250, nodes)).toEqual({ cells: 7, stride: 32, covers: [0, 224] });
  });

  it('takes kernels from weights, dilated ones at their full width', () => {
    const weights = { w: { dims: [3, 3, 3, 3], data: Array.from({ length: 81 }, () => 0) } };
    const conv = (more: NonNullable<NodeSketch['with']>) => chain({ op: 'Conv', in: ['w'], with: more });
    expect(along(31, conv({ strides: [2, 2] }), { weights })).toEqual({ cells: 15, stride: 2, covers: [0, 31] });
    expect(along(31, conv({ dilations: [5, 5] }), { weights })).toEqual({ cells: 21, stride: 1, covers: [0, 31] });
  });

  it('counts a Pad to the layer after it', () => {
    const padded = chain({ op: 'Pad', in: ['pads'] }, pool(7, 2));
    const pads = [0, 0, 3, 3, 0, 0, 3, 3];
    expect(along(224, padded, { integers: { pads } })).toEqual(along(224, chain(pool(7, 2, [3, 3]))));
    expect(along(224, padded, { integers: { pads } })).toEqual({ cells: 112, stride: 2, covers: [0, 224] });
  });

  it('reaches beyond the picture where cells are padded last', () => {
    const nodes = chain(pool(4, 4), { op: 'Pad', in: ['pads'] }, relu);
    const integers = { pads: [0, 0, 0, 1, 0, 0, 0, 2] };
    expect(along(16, nodes, { integers })).toEqual({ cells: 7, stride: 4, covers: [-4, 24] });
  });

  it('lacks what is cut off', () => {
    const integers = { from: [3], to: [-5], axis: [3], pads: [0, 0, 0, -3, 0, 0, 0, -5] };
    const cut = chain({ op: 'Slice', in: ['from', 'to', 'axis'] }, pool(2, 2));
    expect(along(40, cut, { integers })).toEqual({ cells: 16, stride: 2, covers: [3, 35] });
    expect(along(40, chain({ op: 'Pad', in: ['pads'] }, pool(2, 2)), { integers })).toEqual({
      cells: 16,
      stride: 2,
      covers: [3, 35],
    });
  });

  it('is what all branches see together', () => {
    const nodes = [
      { op: 'MaxPool', in: ['input'], out: 'left', with: { kernel_shape: [1, 1], strides: [2, 2] } },
      {
        op: 'MaxPool',
        in: ['input'],
        out: 'right',
        with: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
      },
      { op: 'GlobalAveragePool', in: ['left'], out: 'average' },
      { op: 'Sigmoid', in: ['average'], out: 'gate' },
      { op: 'Mul', in: ['left', 'gate'], out: 'gated' },
      { op: 'Add', in: ['gated', 'right'], out: 'map' },
    ];
    expect(along(33, nodes)).toEqual({ cells: 17, stride: 2, covers: [0, 33] });
  });

  it.each([
    ['left', 'right'],
    ['right', 'left'],
  ])('is so in either order: %s and %s', (...parts) => {
    const nodes = [
      { op: 'Slice', in: ['input', 'zero', 'last', 'axis'], out: 'left' },
      { op: 'Slice', in: ['input', 'two', 'end', 'axis'], out: 'right' },
      { op: 'Add', in: parts, out: 'map' },
    ];
    const integers = { zero: [0], two: [2], last: [-2], end: [999], axis: [3] };
    expect(along(40, nodes, { integers })).toEqual({ cells: 38, stride: 1, covers: [0, 40] });
  });

  it('follows slices in steps that are laid over each other as channels', () => {
    const slices = [0, 1].map((start) => ({
      op: 'Slice',
      in: ['input', `from${start}`, 'to', 'axes', 'steps'],
      out: `part${start}`,
    }));
    const nodes = [...slices, { op: 'Concat', in: ['part0', 'part1'], out: 'map', with: { axis: 1 } }];
    const integers = { from0: [0, 0], from1: [0, 1], to: [999, 999], axes: [2, 3], steps: [2, 2] };
    expect(along(40, nodes, { integers })).toEqual({ cells: 20, stride: 2, covers: [0, 40] });
  });

  it('follows channels that come last', () => {
    const nodes = chain({ op: 'Transpose', in: [], with: { perm: [0, 3, 1, 2] } }, pool(4, 4), {
      op: 'Transpose',
      in: [],
      with: { perm: [0, 2, 3, 1] },
    });
    expect(along(30, nodes, { input: ['n', 'h', 'w', 3] }, nhwc)).toEqual({ cells: 7, stride: 4, covers: [0, 28] });
  });

  it('follows tokens, by sizes that the graph itself works out', () => {
    const nodes = [
      ...chain(pool(16, 16), relu).map((node) => (node.out === 'map' ? { ...node, out: 'patches' } : node)),
      { op: 'Shape', in: ['patches'], out: 'dims' },
      { op: 'Slice', in: ['dims', 'zero', 'two'], out: 'front' },
      { op: 'Concat', in: ['front', 'rest'], out: 'flat', with: { axis: 0 } },
      { op: 'Reshape', in: ['patches', 'flat'], out: 'planar' },
      { op: 'Transpose', in: ['planar'], out: 'tokens', with: { perm: [0, 2, 1] } },
      { op: 'MatMul', in: ['tokens', 'w'], out: 'mixed' },
      { op: 'Add', in: ['mixed', 'tokens'], out: 'map' },
    ];
    const integers = { zero: [0], two: [2], rest: [-1] };
    const weights = { w: { dims: [3, 3], data: Array.from({ length: 9 }, () => 0) } };
    expect(along(100, nodes, { integers, weights })).toEqual({ cells: 6, stride: 16, covers: [0, 96] });
  });

  it('follows an edge that the graph halves, without the rest', () => {
    const nodes = [
      { op: 'Shape', in: ['input'], out: 'dims' },
      { op: 'Gather', in: ['dims', 'three'], out: 'width' },
      { op: 'Div', in: ['width', 'two'], out: 'half' },
      { op: 'Slice', in: ['input', 'zero', 'half', 'three'], out: 'map' },
    ];
    expect(along(41, nodes, { integers: { zero: [0], two: [2], three: [3] } })).toMatchObject({ covers: [0, 20] });
  });

  it('follows pads in the order of PyTorch, which the graph turns over', () => {
    const nodes = [
      { op: 'Shape', in: ['given'], out: 'length' },
      { op: 'Sub', in: ['eight', 'length'], out: 'left' },
      { op: 'ConstantOfShape', in: ['left'], out: 'zeros' },
      { op: 'Concat', in: ['given', 'zeros'], out: 'all', with: { axis: 0 } },
      { op: 'Reshape', in: ['all', 'pairs'], out: 'table' },
      { op: 'Slice', in: ['table', 'last', 'beginning', 'zero', 'last'], out: 'turned' },
      { op: 'Transpose', in: ['turned'], out: 'columns', with: { perm: [1, 0] } },
      { op: 'Reshape', in: ['columns', 'last'], out: 'pads' },
      { op: 'Pad', in: ['input', 'pads'], out: 'map' },
    ];
    // One more column on the left and two on the right; three rows above.
    const integers = { given: [1, 2, 3, 0], eight: [8], pairs: [-1, 2], last: [-1], beginning: [-999], zero: [0] };
    const found = coverageOf(graphOf({ nodes, integers }, 'map'), 'map', nchw, { width: 40, height: 64 });
    expect(found?.columns).toMatchObject({ cells: 43, start: -1, end: 42 });
    expect(found?.rows).toMatchObject({ cells: 67, start: -3, end: 64 });
  });

  it('goes past a branch that cannot be followed, and over a shuffle of channels', () => {
    const nodes = [
      { op: 'Reshape', in: ['input', 'groups'], out: 'grouped' },
      { op: 'Transpose', in: ['grouped'], out: 'turned', with: { perm: [0, 2, 1, 3, 4] } },
      { op: 'Reshape', in: ['turned', 'back'], out: 'shuffled' },
      { op: 'NonsenseOfMine', in: ['shuffled'], out: 'unknown' },
      { op: 'Add', in: ['shuffled', 'unknown'], out: 'map' },
    ];
    const integers = { groups: [1, 1, 3, 64, 40], back: [1, 3, 64, 40] };
    expect(along(40, nodes, { integers })).toEqual({ cells: 40, stride: 1, covers: [0, 40] });
  });

  it.each([
    ['an operator that is not known', chain({ op: 'NonsenseOfMine', in: [] }, pool(2, 2))],
    ['a picture turned over', chain({ op: 'Slice', in: ['last', 'first', 'axis', 'back'] }, pool(2, 2))],
    ['windows cut out of it', chain({ op: 'Reshape', in: ['windows'] })],
    ['rows cut in pieces', chain({ op: 'Reshape', in: ['pieces'] })],
    ['a product along rows', chain({ op: 'MatMul', in: ['w'] })],
    ['rows joined to rows', [{ op: 'Concat', in: ['input', 'input'], out: 'map', with: { axis: 2 } }]],
    ['branches that do not fit', [...chain(pool(2, 2)), { op: 'Add', in: ['map', 'input'], out: 'map2' }]],
    ['a picture that is too small for a layer', chain(pool(41, 2))],
  ])('is not known downstream of %s', (_, nodes) => {
    const integers = {
      last: [-1],
      first: [-999],
      axis: [3],
      back: [-1],
      windows: [1, 3, 8, 8, 5, 8],
      pieces: [1, 3, 8, 8, 40],
    };
    const weights = { w: { dims: [40, 2], data: Array.from({ length: 80 }, () => 0) } };
    const output = nodes[nodes.length - 1].out;
    const graph = graphOf({ nodes, integers, weights }, output);
    expect(coverageOf(graph, output, nchw, { width: 40, height: 64 })).toBeUndefined();
  });

  it('is not known downstream of numbers that double without end, or feed themselves', () => {
    const doubled = Array.from({ length: 36 }, (_, i) => ({
      op: 'Concat',
      in: [i === 0 ? 'two' : `n${i - 1}`, i === 0 ? 'two' : `n${i - 1}`],
      out: `n${i}`,
      with: { axis: 0 },
    }));
    const pad = (pads: string) => ({ op: 'Pad', in: ['input', pads], out: 'map' });
    const integers = { two: [0, 1] };
    expect(along(40, [...doubled, pad('n35')], { integers })).toBeUndefined();
    // A list of eight is one of pads.
    expect(along(40, [...doubled, pad('n1')], { integers })?.cells).toBe(42);
    expect(() => along(40, [{ op: 'Neg', in: ['n'], out: 'n' }, pad('n')])).toThrow(/feeds itself/);
  });

  it('is not known where the runtime gives another number of cells', () => {
    const covered = coveredBy(graphOf({ nodes: chain(pool(2, 2)) }, 'map'), 'map', nchw);
    const input = { width: 41, height: 20 };
    expect(covered(input, { rows: 10, columns: 20 })).toEqual({ x: 0, y: 0, width: 40, height: 20 });
    expect(covered(input, { rows: 10, columns: 21 })).toBeUndefined();
    expect(covered(input, { rows: 11, columns: 20 })).toBeUndefined();
  });
});
