import type { Coefficients } from '../../../maps/coefficients.js';
import type { Graph, Node } from '../../onnx/graph.js';
import { asFloat32 } from '../../onnx/written.js';
import { constantOf } from '../constants.js';
import { average } from './average.js';
import type { Pool, PoolCandidate, PoolPart } from './pool.js';

/** The powers of a Pow, one for all channels or one each. Undefined where they are not stored in the model. */
const powersOf = (graph: Graph, node: Node | undefined): ArrayLike<number> | undefined =>
  node?.op === 'Pow' ? constantOf(graph, node.inputs[1])?.data : undefined;

/** Whether the second powers undo the first. */
const undoes = (root: ArrayLike<number>, power: ArrayLike<number>): boolean => {
  const length = Math.max(root.length, power.length);
  const at = (list: ArrayLike<number>, i: number) => list[list.length === 1 ? 0 : i];
  return (
    [root, power].every((list) => list.length === 1 || list.length === length) &&
    Array.from({ length }, (_, i) => at(root, i) * at(power, i)).every((one) => Math.abs(one - 1) < 1e-5)
  );
};

/** The candidate that an average makes with a power of the cells before it and the root after it. None where it has neither. */
const rooted = (graph: Graph, upstream: readonly Node[], mean: PoolCandidate): PoolCandidate[] => {
  const before = graph.producers.get(mean.featureMap);
  const power = powersOf(graph, before);
  const readers = upstream.filter(({ inputs }) => inputs.includes(mean.pooled));
  const root = powersOf(graph, readers[0]);
  if (before === undefined || power === undefined || root === undefined || readers.length > 1) return [];
  if (!undoes(root, power)) return [];
  const nodes = [before, ...mean.nodes, readers[0]];
  return [{ ...mean, pool: generalisedMean, nodes, pooled: readers[0].outputs[0], needs: [mean.pooled] }];
};

/** The factor from each channel's mean of powers to its root: y / y^p, and 0 where all cells are 0. */
const factorsOf = (means: Float32Array, roots: Float32Array, channels: number): Coefficients => ({
  kind: 'equal',
  factors: Float64Array.from({ length: channels }, (_, k) => (means[k] === 0 ? 0 : roots[k] / means[k])),
});

// The smallest float32 that is written with all of its digits.
const SMALLEST = 2 ** -126;

const weighBy =
  (mean: string, root: string, channels: number): PoolPart['weigh'] =>
  ({ writer }, positions) => {
    const [over, under] = [root, mean].map((name) =>
      writer.node('Reshape', [asFloat32(writer, name), writer.integers([-1, 1, 1, channels])]),
    );
    // Where all cells are 0, so is the root, and not 0 / 0.
    const divisor = writer.node('Max', [under, writer.floats([1, 1, 1, 1], [SMALLEST])]);
    return writer.node('Mul', [positions, writer.node('Div', [over, divisor])]);
  };

/**
 * `y = (mean x^p)^(1/p)` of each channel (Radenovic et al. 2018, Fine-tuning CNN Image Retrieval, eq. 3). It is
 * homogeneous of degree 1, so `y = sum x * dy/dx` (Euler), and `dy/dx = x^(p-1) y^(1-p) / N`. The feature map here is x^p.
 */
export const generalisedMean: Pool = {
  candidates: (graph, upstream) =>
    average.candidates(graph, upstream, []).flatMap((mean) => rooted(graph, upstream, mean)),
  recognise: (candidate, dimsOf) => {
    const { nodes, pooled, needs } = candidate;
    const inner = { ...candidate, nodes: nodes.slice(1, -1), pooled: needs[0] };
    const recognised = average.recognise(inner, dimsOf);
    if (recognised.kind !== 'pool') return recognised;
    const { part, axes } = recognised;
    const channels = axes.dims[axes.channelAxis];
    if (part.scale !== 1) return { kind: 'refused', reason: 'the root is that of a sum, and not of a mean' };
    const rootedPart: PoolPart = {
      ...part,
      operators: nodes.map(({ op }) => op),
      pooled,
      coefficientsInWords: 'the generalised mean of all cells, its root held',
      held: 'root of a generalised mean',
      needs: [needs[0], pooled],
      coefficients: (_, given) => factorsOf(given(needs[0]).data, given(pooled).data, channels),
      weigh: weighBy(needs[0], pooled, channels),
    };
    return { kind: 'pool', axes, part: rootedPart };
  },
};
