import type { Graph } from '../../onnx/graph.js';
import { bottlenecks } from '../walk.js';
import { average } from './average.js';
import type { Pool, PoolCandidate } from './pool.js';

/** The pools that have a complete class map, by name. */
export const pools = { average } satisfies Record<string, Pool>;

/**
 * Pool candidates upstream of a tensor, the farthest first: a mean nearer to the output (of two heads, say) is part of
 * the head.
 */
export const poolCandidatesOf = (
  graph: Graph,
  tensor: string,
  members: readonly Pool[] = Object.values(pools),
): readonly PoolCandidate[] => {
  const passed = bottlenecks(graph, tensor).toReversed();
  return members
    .flatMap((pool) => pool.candidates(graph, passed))
    .toSorted((a, b) => passed.indexOf(a.nodes[0]) - passed.indexOf(b.nodes[0]));
};
