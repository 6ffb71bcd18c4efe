import { ModelError } from '../../errors.js';
import type { Node } from './graph.js';

type Producers = ReadonlyMap<string, Node>;

const sourcesOf = (node: Node, producers: Producers): readonly Node[] =>
  node.inputs.flatMap((name) => producers.get(name) ?? []);

/** The operations that can never be computed: those of cycles, and those downstream of them. */
const stuckIn = (producers: Producers): ReadonlySet<Node> => {
  const stuck = new Set(producers.values());
  const consumers = new Map<Node, Node[]>();
  const missing = new Map<Node, number>();
  for (const node of stuck) {
    const sources = sourcesOf(node, producers);
    missing.set(node, sources.length);
    for (const source of sources) {
      const others = consumers.get(source);
      if (others === undefined) consumers.set(source, [node]);
      else others.push(node);
    }
  }
  const ready = [...stuck].filter((node) => missing.get(node) === 0);
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    stuck.delete(node);
    for (const consumer of consumers.get(node) ?? []) {
      const left = (missing.get(consumer) ?? 0) - 1;
      missing.set(consumer, left);
      if (left === 0) ready.push(consumer);
    }
  }
  return stuck;
};

/**
 * Checks that whoever follows the edges of a network comes to an end.
 * @throws ModelError `cycle` where an operation needs its own result.
 */
export const refuseCycles = (producers: Producers): void => {
  const stuck = stuckIn(producers);
  const seen = new Set<Node>();
  let node: Node | undefined = [...stuck][0];
  while (node !== undefined && !seen.has(node)) {
    seen.add(node);
    node = sourcesOf(node, producers).find((source) => stuck.has(source));
  }
  if (node !== undefined) throw new ModelError('cycle', `The model feeds itself: ${node.op} needs its own result.`);
};
