import { readdirSync, readFileSync } from 'node:fs';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { isKnownError } from '../../src/errors.js';
import { kindOf } from '../../src/maps/class-weights.js';
import { pooledVector } from '../../src/maps/coefficients.js';
import { mapOf } from '../../src/maps/result.js';
import { noFlags, settleInput } from '../../src/model/input/input.js';
import { forward, loadNetwork } from '../../src/model/network.js';
import { readGraph } from '../../src/model/onnx/graph.js';
import { trialFeed } from '../../src/model/prepare.js';
import { buildModel, colorClassifier } from '../helpers/build-model.js';
import { fixture } from '../helpers/folders.js';
import { nothingBeside } from '../helpers/networks.js';

const nowhere = { name: 'hostile', file: '/nowhere/model.onnx', folder: '/nowhere' };

/** Loads a model of any kind and draws its maps. @returns what came of it: a known error's code, or the maps' kind. */
const outcome = async (bytes: Uint8Array): Promise<string> => {
  try {
    const graph = readGraph(bytes, nothingBeside);
    const input = settleInput(graph, nowhere, noFlags);
    const trial = trialFeed(input, 1);
    const size = input.size;
    const network = await loadNetwork({
      bytes,
      file: nowhere.file,
      graph,
      trial,
      size,
      outputName: undefined,
      threads: 1,
    });
    const [{ features, logits }] = await forward(network, [trialFeed(input, 2)]);
    const head = network.headAt(() => pooledVector(features), logits);
    Array.from(logits)
      .slice(0, 5)
      .forEach((logit, index) =>
        mapOf(network.precision, features, head, { class: index, label: '', logit, score: 0 }),
      );
    return kindOf(network.held);
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return error.code;
  }
};

/** Whole numbers below a limit, the same for the same seed. */
const randomOf = (seed: number) => {
  let state = seed * 7919 + 13;
  return (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
};

const OPERATORS = [
  'Relu',
  'Gemm',
  'Concat',
  'Reshape',
  'Loop',
  'Identity',
  'ReduceMean',
  'Softmax',
  'Split',
  'Nope',
  'Div',
  'Gather',
];

const damageBytes = (bytes: Uint8Array, random: (limit: number) => number): Uint8Array => {
  if (random(3) === 0) return bytes.slice(0, random(bytes.length));
  const damaged = bytes.slice();
  const start = random(2) === 0 ? 0 : Math.max(0, bytes.length - 600);
  for (let i = 0; i <= random(8); i++) damaged[start + random(Math.min(600, bytes.length))] ^= 1 << random(8);
  return damaged;
};

const damageGraph = (bytes: Uint8Array, random: (limit: number) => number): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, bytes);
  const nodes = model.graph?.node ?? [];
  const tensors = model.graph?.initializer ?? [];
  const node = nodes[random(nodes.length)];
  const tensor = tensors[random(tensors.length)];
  const other = nodes[random(nodes.length)];
  const damages = [
    () => nodes.sort(() => random(3) - 1),
    () => node.input.fill(other.output[0], 0, 1),
    () => tensor?.dims.fill([2n ** 40n, -1n, 0n, 7n, 2n ** 62n][random(5)], 0, 1),
    () => {
      if (tensor) tensor.rawData = tensor.rawData.slice(0, random(tensor.rawData.length + 1));
    },
    () => {
      node.opType = OPERATORS[random(OPERATORS.length)];
    },
    () => {
      for (const attribute of node.attribute) attribute.ints = attribute.ints.map(() => BigInt(random(9) - 4));
    },
    () => node.input.pop(),
  ];
  damages[random(damages.length)]();
  return toBinary(ModelProtoSchema, model);
};

describe('a damaged model', () => {
  const files = ['heads', 'pools'].flatMap((folder) =>
    readdirSync(fixture(folder))
      .filter((name) => name.endsWith('.onnx'))
      .map((name) => fixture(folder, name)),
  );

  it('ends in a clear error or in maps that are proven, 350 times', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 350; seed++) {
      const random = randomOf(seed);
      random(2);
      const bytes = new Uint8Array(readFileSync(files[random(files.length)]));
      const damaged = random(2) === 0 ? damageBytes(bytes, random) : damageGraph(bytes, random);
      seen.add(await outcome(damaged));
    }
    for (const expected of ['exact', 'frozen', 'not-onnx', 'not-loadable', 'head-refused', 'cycle'])
      expect(seen).toContain(expected);
  });

  it('that feeds itself is refused as a cycle', async () => {
    const nodes = [
      { op: 'Conv', in: ['input', 'w'], out: 'a' },
      { op: 'Add', in: ['a', 'c'], out: 'b' },
      { op: 'Relu', in: ['b'], out: 'c' },
      { op: 'GlobalAveragePool', in: ['c'], out: 'p' },
      { op: 'Flatten', in: ['p'], out: 'logits' },
    ];
    const weights = { w: { dims: [2, 3, 1, 1], data: [1, 0, 0, 0, 1, 0] } };
    expect(await outcome(buildModel({ nodes, weights }))).toBe('cycle');
  });

  it.each([
    [
      'where logits are looked for',
      [
        { op: 'Identity', in: ['b'], out: 'logits' },
        { op: 'Flatten', in: ['logits'], out: 'b' },
      ],
    ],
    ['by an operation that makes its own input', [{ op: 'Cast', in: ['input'], out: 'input', with: { to: 1 } }]],
    ['by a name that two operations give', [{ op: 'GlobalAveragePool', in: ['p'], out: 'p' }]],
  ])('that would be followed in circles %s is refused as a cycle', async (_, more) => {
    const nodes = [
      { op: 'Conv', in: ['input', 'w'], out: 'a' },
      { op: 'GlobalAveragePool', in: ['a'], out: 'p' },
      { op: 'Flatten', in: ['p'], out: 'logits' },
      ...more,
    ];
    const weights = { w: { dims: [2, 3, 1, 1], data: [1, 0, 0, 0, 1, 0] } };
    expect(await outcome(buildModel({ nodes, weights }))).toBe('cycle');
  });

  it('of 20,000 operations in a row is explained all the same', async () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => ({
      op: 'Neg',
      in: [i === 0 ? 'pooled' : `t${i}`],
      out: `t${i + 1}`,
    }));
    const weights = { w: { dims: [2, 3, 1, 1], data: [1, 0, 0, 0, 1, 0] } };
    const head = [
      { op: 'Conv', in: ['input', 'w'], out: 'maps' },
      { op: 'GlobalAveragePool', in: ['maps'], out: 'pooled' },
      ...nodes,
      { op: 'Flatten', in: ['t20000'], out: 'logits' },
    ];
    expect(await outcome(buildModel({ nodes: head, weights }))).toBe('exact');
  });

  it('nested 10,000 deep is refused', async () => {
    // The graph (field 7) of a model has a node (1) with an attribute (5) that is a graph (6) with a node, and so on.
    const headers: number[][] = [];
    let length = 0;
    const wrap = (field: number) => {
      const header = [(field << 3) | 2];
      let rest = length;
      for (; rest >= 128; rest = Math.floor(rest / 128)) header.push((rest % 128) + 128);
      header.push(rest);
      headers.push(header);
      length += header.length;
    };
    for (let depth = 0; depth < 10_000; depth++) for (const field of [6, 5, 1]) wrap(field);
    wrap(7);
    const nested = Uint8Array.from([...colorClassifier(), ...headers.reverse().flat()]);
    expect(await outcome(nested)).toMatch(/not-onnx|not-loadable/);
  });

  it('whose tensors claim more than they hold is refused', async () => {
    const model = fromBinary(ModelProtoSchema, colorClassifier());
    const weight = model.graph?.initializer[0];
    weight?.dims.splice(0, 1, 2n ** 40n);
    expect(await outcome(toBinary(ModelProtoSchema, model))).toMatch(/not-loadable|malformed-tensor/);
  });
});
