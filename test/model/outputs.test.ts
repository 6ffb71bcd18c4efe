import { describe, expect, it } from 'vitest';
import { namesInGraph } from '../../src/model/labels/in-graph.js';
import { forward } from '../../src/model/network.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { buildModel, type NodeSketch } from '../helpers/build-model.js';
import { loadBytes, noiseFeed, nothingBeside } from '../helpers/networks.js';

const trunk: readonly NodeSketch[] = [
  { op: 'Conv', in: ['input', 'stem'], out: 'features' },
  { op: 'GlobalAveragePool', in: ['features'], out: 'pooled' },
  { op: 'Flatten', in: ['pooled'], out: 'vector' },
];

const weights = {
  stem: { dims: [4, 3, 1, 1], data: [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1] },
  a: { dims: [4, 3], data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
  b: { dims: [4, 2], data: [1, -1, 2, -2, 3, -3, 4, -4] },
};

const load = (nodes: readonly NodeSketch[], outputs: readonly string[], outputName?: string) =>
  loadBytes(buildModel({ nodes: [...trunk, ...nodes], weights, outputs, integers: { two: [2] } }), outputName);

const head: NodeSketch = { op: 'MatMul', in: ['vector', 'a'], out: 'logits' };
const other: NodeSketch = { op: 'MatMul', in: ['vector', 'b'], out: 'second' };

describe('the output to explain', () => {
  it.each([
    ['softmax', { op: 'Softmax', in: ['logits'], out: 'end', with: { axis: 1 } }],
    ['log-softmax', { op: 'LogSoftmax', in: ['logits'], out: 'end', with: { axis: 1 } }],
    ['sigmoid', { op: 'Sigmoid', in: ['logits'], out: 'end' }],
  ] as const)('has its logits upstream of the %s', async (activation, end) => {
    const { output, held, classes } = await load([head, end], ['end']);
    expect(output).toMatchObject({ output: 'end', logits: 'logits', activation });
    expect([held, classes]).toEqual([[], 3]);
  });

  it.each([
    ['softmax', 'com.microsoft.QLinearSoftmax', { axis: 1, opset: 17 }],
    ['sigmoid', 'com.microsoft.QLinearSigmoid', {}],
  ] as const)(
    'has its logits upstream of the %s of a quantised network, as real numbers',
    async (activation, op, attributes) => {
      const end: readonly NodeSketch[] = [
        head,
        { op: 'QuantizeLinear', in: ['logits', 'step', 'middle'], out: 'levels' },
        { op, in: ['levels', 'step', 'middle', 'share', 'least'], out: 'shares', with: attributes },
        { op: 'DequantizeLinear', in: ['shares', 'share', 'least'], out: 'end' },
      ];
      const bytes = buildModel({
        nodes: [...trunk, ...end],
        weights: { ...weights, step: { dims: [], data: [1 / 32] }, share: { dims: [], data: [1 / 256] } },
        levels: { middle: { type: 'uint8', value: 128 }, least: { type: 'uint8', value: 0 } },
        outputs: ['end'],
      });
      const network = await loadBytes(bytes);
      expect(network.output).toMatchObject({ output: 'end', activation });
      const [{ logits }] = await forward(network, [noiseFeed(2)]);
      // Whole levels, but no levels themselves: those lie around 128.
      for (const logit of Array.from(logits)) expect(logit * 32).toBe(Math.round(logit * 32));
      expect(Math.max(...Array.from(logits, Math.abs))).toBeLessThan(4);
    },
  );

  it('may be the choice that a network makes of its logits', async () => {
    const best: readonly NodeSketch[] = [
      { op: 'ArgMax', in: ['logits'], out: 'index', with: { axis: 1 } },
      { op: 'Cast', in: ['index'], out: 'end', with: { to: 1 } },
    ];
    expect((await load([head, ...best], ['end'])).output.logits).toBe('logits');
    expect((await load([head, ...best], ['end', 'logits'])).output.logits).toBe('logits');
  });

  it('is the one that feeds no other: features and scores beside logits do not matter', async () => {
    const scores: NodeSketch = { op: 'Softmax', in: ['logits'], out: 'scores', with: { axis: 1 } };
    const { output, classes } = await load([head, scores], ['vector', 'logits', 'scores', 'features']);
    expect(output).toMatchObject({ output: 'scores', logits: 'logits' });
    expect(classes).toBe(3);
  });

  it('is asked for where two could be, and chosen by name', async () => {
    await expect(load([head, other], ['logits', 'second'])).rejects.toThrow(
      'The model has 2 classifier outputs: logits, second. Choose one with --output-name.',
    );
    expect((await load([head, other], ['logits', 'second'], 'second')).classes).toBe(2);
    await expect(load([head, other], ['logits', 'second'], 'third')).rejects.toThrow(
      'no output third; it has logits, second',
    );
  });

  it('is refused where it gives scores without logits', async () => {
    const nodes: readonly NodeSketch[] = [
      { op: 'MatMul', in: ['vector', 'one'], out: 'logit' },
      { op: 'Sigmoid', in: ['logit'], out: 'score' },
      { op: 'Sub', in: ['whole', 'score'], out: 'rest' },
      { op: 'Concat', in: ['rest', 'score'], out: 'both', with: { axis: 1 } },
    ];
    const more = { one: { dims: [4, 1], data: [1, 2, 3, 4] }, whole: { dims: [1, 1], data: [1] } };
    const bytes = buildModel({ nodes: [...trunk, ...nodes], weights: { ...weights, ...more }, outputs: ['both'] });
    await expect(loadBytes(bytes)).rejects.toThrow('Sigmoid, with no weights downstream of it');
  });

  describe('and names of classes in the network, as Custom Vision and scikit-learn export them', () => {
    const names = ['ant', 'bee', 'cat'];
    const scores: NodeSketch = { op: 'Softmax', in: ['logits'], out: 'scores', with: { axis: 1 } };
    const best: NodeSketch = { op: 'ArgMax', in: ['scores'], out: 'best', with: { axis: 1, keepdims: 0 } };
    const zip = (attributes: NonNullable<NodeSketch['with']>): NodeSketch => ({
      op: 'ai.onnx.ml.ZipMap',
      in: ['scores'],
      out: 'zipped',
      with: attributes,
    });
    const lookup: NodeSketch = { op: 'ai.onnx.ml.ArrayFeatureExtractor', in: ['names', 'best'], out: 'label' };
    const sketch = (nodes: readonly NodeSketch[], outputs: readonly string[]) => {
      const bytes = buildModel({
        nodes: [...trunk, head, scores, ...nodes],
        weights,
        texts: { names },
        outputs,
        textOutputs: ['label'],
        zippedOutputs: ['zipped'],
      });
      return { bytes, found: namesInGraph(readGraph(bytes, nothingBeside), 'logits') };
    };

    it('skip the output that holds a name, and take the names from the ZipMap', async () => {
      const { bytes, found } = sketch([best, lookup, zip({ classlabels_strings: names })], ['label', 'zipped']);
      expect(found.names).toEqual({ labels: names, origin: { source: 'graph', where: 'ZipMap: classlabels_strings' } });
      const network = await loadBytes(bytes);
      expect(network.output).toEqual({ output: 'zipped', logits: 'logits', activation: 'softmax' });
      expect((await forward(network, [noiseFeed(2)]))[0].logits).toHaveLength(3);
    });

    it('find the logits upstream of a name where that is all that the network gives', async () => {
      const { bytes, found } = sketch([best, lookup], ['label']);
      expect(found.names?.labels).toEqual(names);
      expect((await loadBytes(bytes)).output).toEqual({ output: 'label', logits: 'logits', activation: 'softmax' });
    });

    it('take an encoder downstream of the choice, whatever the order of its keys', () => {
      const encoder = { op: 'ai.onnx.ml.LabelEncoder', in: ['best'], out: 'label' };
      const table = { keys_int64s: [2, 0, 1], values_strings: ['cat', 'ant', 'bee'] };
      expect(sketch([best, { ...encoder, with: table }], ['label']).found.names?.labels).toEqual(names);
      const other = { keys_int64s: [5, 0, 1], values_strings: ['cat', 'ant', 'bee'] };
      expect(sketch([best, { ...encoder, with: other }], ['label']).found.names).toBeUndefined();
    });

    it('tell numbers, which may only count the classes, from names', () => {
      const { found } = sketch([zip({ classlabels_int64s: [10, 20, 30] })], ['zipped']);
      expect(found.names).toBeUndefined();
      expect(found.numbers?.labels).toEqual(['10', '20', '30']);
    });

    it('belong to the logits that they are given to, and to no others', () => {
      const { bytes } = sketch([zip({ classlabels_strings: names })], ['zipped']);
      expect(namesInGraph(readGraph(bytes, nothingBeside), 'vector').names).toBeUndefined();
    });
  });
});
