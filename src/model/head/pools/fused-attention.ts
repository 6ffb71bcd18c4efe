import { floatAttribute, type Graph, intAttribute, type Node } from '../../onnx/graph.js';
import { asFloat32 } from '../../onnx/written.js';
import type { Fetched } from '../../runtime/session.js';
import { attentionPart, cellsOf, neededForCells, type Weights } from './attention-part.js';
import { type DimsOf, type Pool, type PoolCandidate, refused } from './pool.js';

// com.microsoft's operator of ONNX Runtime, and that of ONNX since opset 23.
const headsAttribute: ReadonlyMap<string, string> = new Map([
  ['com.microsoft.MultiHeadAttention', 'num_heads'],
  ['Attention', 'q_num_heads'],
]);

const softmaxInto = (row: Float64Array): void => {
  const most = row.reduce((largest, score) => Math.max(largest, score), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let t = 0; t < row.length; t++) {
    row[t] = Math.exp(row[t] - most);
    sum += row[t];
  }
  for (let t = 0; t < row.length; t++) row[t] /= sum;
};

/** Sizes of queries and keys: [rows, heads * own] in memory, or [heads, rows, own]. */
interface Shape {
  readonly heads: number;
  readonly queries: number;
  readonly tokens: number;
  /** Numbers of a head's query. */
  readonly own: number;
  /** Whether the heads have an axis of their own, before that of the rows. */
  readonly apart: boolean;
  readonly scale: number;
}

/** `softmax(scale * Q K^T)` of each head, [heads, queries, tokens]. */
const weightsOf = ({ heads, queries, tokens, own, apart, scale }: Shape, q: Fetched, k: Fetched): Float64Array => {
  const at = (rows: number, head: number, row: number) =>
    apart ? (head * rows + row) * own : (row * heads + head) * own;
  const weights = new Float64Array(heads * queries * tokens);
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < queries; query++) {
      const start = (head * queries + query) * tokens;
      for (let token = 0; token < tokens; token++) {
        const [from, to] = [at(queries, head, query), at(tokens, head, token)];
        let score = 0;
        for (let i = 0; i < own; i++) score += q.data[from + i] * k.data[to + i];
        weights[start + token] = score * scale;
      }
      softmaxInto(weights.subarray(start, start + tokens));
    }
  }
  return weights;
};

/** Writes the weights, which the operator itself does not give out. */
const writeWeights =
  ({ heads, queries, tokens, own, apart, scale }: Shape, [query, key]: readonly string[]): Weights['write'] =>
  (writer) => {
    const byHead = (name: string, rows: number, turned: boolean) => {
      const dims = apart ? [-1, heads, rows, own] : [-1, rows, heads, own];
      const split = writer.node('Reshape', [asFloat32(writer, name), writer.integers(dims)]);
      const [row, last] = turned ? [3, apart ? 2 : 1] : [apart ? 2 : 1, 3];
      return writer.node('Transpose', [split], { perm: [0, apart ? 1 : 2, row, last] });
    };
    const scores = writer.node('MatMul', [byHead(query, queries, false), byHead(key, tokens, true)]);
    return writer.node('Softmax', [writer.node('Mul', [scores, writer.floats([], [scale])])], { axis: -1 });
  };

/** Places of a query's numbers in [queries, heads * channels], a result whose heads have no axis of their own. */
const rowPlaces = (_: Weights, query: number, channels: number): Int32Array =>
  Int32Array.from({ length: channels }, (_, k) => query * channels + k);

/** The shape of a use, or undefined where the operator is asked for more than plain attention. */
const shapeOf = (node: Node, dimsOf: DimsOf): Shape | undefined => {
  const [q, k, v] = node.inputs.map((name) => (name === '' ? [] : dimsOf(name)));
  const more = node.inputs.slice(3).some((name) => name !== '');
  const special = ['is_causal', 'unidirectional', 'softcap'].some(
    (name) => intAttribute(node, name, 0) !== 0 || floatAttribute(node, name, 0) !== 0,
  );
  const apart = q.length === 4;
  const heads = apart ? q[1] : intAttribute(node, headsAttribute.get(node.op) ?? '', 0);
  const own = q[q.length - 1] / (apart ? 1 : heads);
  const fits =
    [q, k, v].every((dims) => dims.length === (apart ? 4 : 3)) && k.at(-1) === q.at(-1) && (!apart || k[1] === heads);
  if (more || special || !fits || heads === 0 || !Number.isInteger(own)) return undefined;
  const [queries, tokens] = [q, k].map((dims) => dims[dims.length - 2]);
  const scale = floatAttribute(node, 'scale', 0) || 1 / Math.sqrt(own);
  return { heads, queries, tokens, own, apart, scale };
};

/** Attention as one operator, which does not give out its weights: they are worked out from its queries and keys. */
export const fusedAttention: Pool = {
  candidates: (graph, upstream) =>
    upstream
      .filter(
        ({ op, inputs }) =>
          headsAttribute.has(op) && inputs.length >= 3 && inputs.slice(0, 3).every((name) => name !== ''),
      )
      .map((node): PoolCandidate => {
        const [query, key, values] = node.inputs;
        const needs = [query, key, ...neededForCells(graph, values)].filter((name) => !isStored(graph, name));
        return { pool: fusedAttention, graph, nodes: [node], featureMap: values, pooled: node.outputs[0], needs };
      }),
  recognise: ({ graph, nodes: [node], featureMap, pooled }, dimsOf) => {
    const dimsOrStored: DimsOf = (name) => graph.constant(name)?.dims ?? dimsOf(name);
    const shape = shapeOf(node, dimsOrStored);
    if (shape === undefined)
      return refused(`${node.op} is used with a mask, a bias or other extras, and gives out no weights`);
    const { heads, queries, tokens, apart } = shape;
    const dims = dimsOf(featureMap);
    const [query, key] = node.inputs;
    const fetched = (name: string, given: (name: string) => Fetched): Fetched => {
      const stored = graph.constant(name);
      return stored === undefined
        ? given(name)
        : { type: 'float32', dims: stored.dims, data: Float32Array.from(stored.data) };
    };
    const how: Weights = {
      needs: [query, key].filter((name) => !isStored(graph, name)),
      ...{ heads, queries, tokens, isFirst: true },
      of: (given) => weightsOf(shape, fetched(query, given), fetched(key, given)),
      write: writeWeights(shape, [query, key]),
    };
    const channels = dims[dims.length - 1] * (apart ? heads : 1);
    const part = attentionPart(
      how,
      channels,
      { operators: [node.op], pooled, pooledDims: dimsOf(pooled) },
      apart ? undefined : rowPlaces,
    );
    const axes = {
      ...{ dims, channelAxis: dims.length - 1, positionAxes: [dims.length - 2], headAxis: apart ? 1 : undefined },
      cells: cellsOf(graph, featureMap, tokens, dimsOf),
    };
    return { kind: 'pool', axes, part };
  },
};

const isStored = (graph: Graph, name: string): boolean => graph.isConstant(name);
