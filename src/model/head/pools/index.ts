import type { Graph, Node } from '../../onnx/graph.js';
import { ancestorsOf, bottlenecks, readsOnlyShape } from '../walk.js';
import { attention } from './attention.js';
import { average } from './average.js';
import { fusedAttention } from './fused-attention.js';
import { generalisedMean } from './generalised-mean.js';
import { maximum } from './maximum.js';
import { own } from './own.js';
import type { Pool, PoolCandidate, PoolGroup } from './pool.js';

/**
 * The pools that have a complete class map, by name. Of two that give one tensor, the first is taken: attention written as a
 * sum, or the root of a mean, say more than the average in them.
 */
export const pools = { attention, fusedAttention, generalisedMean, average, maximum, own } satisfies Record<
  string,
  Pool
>;

/** Those of the candidates that the logits see the photo through. Undefined: something of it reaches the logits past them. */
const cut = (graph: Graph, logits: string, candidates: readonly PoolCandidate[]): PoolCandidate[] | undefined => {
  const reached = new Set<string>();
  const nodes = ancestorsOf(graph, logits, (name) => {
    const found = candidates.some(({ pooled }) => pooled === name);
    if (found) reached.add(name);
    return found || graph.isConstant(name);
  });
  const given = new Set(graph.inputs.map(({ name }) => name));
  if (
    nodes.some((node) => !readsOnlyShape(node) && node.inputs.some((name) => given.has(name) && !reached.has(name)))
  ) {
    return undefined;
  }
  const first = candidates.filter(({ pooled }, i) => candidates.findIndex((other) => other.pooled === pooled) === i);
  return first.filter(({ pooled }) => reached.has(pooled));
};

const groupsOf = (graph: Graph, logits: string, found: readonly PoolCandidate[]): readonly PoolGroup[] => {
  const maps = [...new Set(found.map(({ featureMap }) => featureMap))];
  return maps.flatMap((featureMap) => {
    const side = found.filter((candidate) => candidate.featureMap === featureMap);
    const candidates = cut(graph, logits, side) ?? [];
    return candidates.length === 0 ? [] : [{ graph, featureMap, candidates }];
  });
};

/**
 * Pools upstream of a tensor that all of the photo must pass to reach it. The farthest come first: a mean nearer to the output
 * (of two heads, say) is part of the head. Layers that see all cells at once come last, for networks that pool nothing.
 */
export const poolGroupsOf = (
  graph: Graph,
  logits: string,
  members: readonly Pool[] = Object.values(pools),
): readonly PoolGroup[] => {
  const upstream = ancestorsOf(graph, logits, graph.isConstant);
  const passed = bottlenecks(graph, logits).toReversed();
  const place = new Map<Node, number>(upstream.map((node, i) => [node, i]));
  const placeOf = ({ candidates: [{ nodes }] }: PoolGroup) => place.get(nodes[0]) ?? upstream.length;
  const of = (some: readonly Pool[]) =>
    groupsOf(
      graph,
      logits,
      some.flatMap((pool) => pool.candidates(graph, upstream, passed)),
    ).toSorted((a, b) => placeOf(a) - placeOf(b));
  return [...of(members.filter((pool) => pool !== own)), ...of(members.filter((pool) => pool === own))];
};
