import { type Graph, intAttribute, type Node } from '../onnx/graph.js';
import { ancestorsOf, photoDependent } from './walk.js';

/** What is looked for: the operations upstream of the logits, and which of their tensors depend on the photo. */
interface Upstream {
  readonly graph: Graph;
  readonly nodes: readonly Node[];
  readonly dependent: ReadonlySet<string>;
}

const has = ({ nodes }: Upstream, op: string): boolean => nodes.some((node) => node.op === op);

/** Log of a sum or mean of exponentials, as one operator or as three. */
const isLogSumExp = ({ graph, nodes }: Upstream): boolean =>
  nodes.some(({ op, inputs }) => {
    if (op === 'ReduceLogSumExp') return true;
    const sum = op === 'Log' ? graph.producers.get(inputs[0]) : undefined;
    const isSum = sum !== undefined && /^Reduce(Sum|Mean)$|AveragePool$/.test(sum.op);
    return isSum && graph.producers.get(sum.inputs[0])?.op === 'Exp';
  });

/** A product of features with features, and no attention. */
const isSecondOrder = (upstream: Upstream): boolean =>
  !has(upstream, 'Softmax') &&
  upstream.nodes.some(
    ({ op, inputs }) => (op === 'MatMul' || op === 'Einsum') && inputs.every((name) => upstream.dependent.has(name)),
  );

/** One token picked out of several that attention has mixed. */
const picksToken = (upstream: Upstream): boolean =>
  has(upstream, 'Softmax') &&
  upstream.nodes.some((node) => {
    const { op, inputs } = node;
    if (!upstream.dependent.has(inputs[0])) return false;
    if (op === 'Gather') return intAttribute(node, 'axis', 0) === 1 && upstream.graph.isConstant(inputs[1]);
    return op === 'Slice' && upstream.graph.constant(inputs[3])?.data[0] === 1;
  });

/** Cells gathered into overlapping windows, as PyTorch's newer exporter writes an adaptive pool of no whole windows. */
const isAdaptive = (upstream: Upstream): boolean =>
  upstream.nodes.some(({ op, inputs }) => op === 'GatherND' && upstream.dependent.has(inputs[0]));

/**
 * A flatten that no pool stands before: of the photo's pixels, or of the cells of a map.
 * @param ofPixels whether no convolution or matrix stands before it.
 */
const flattens = (upstream: Upstream, ofPixels: boolean): boolean =>
  upstream.nodes.some(({ op, inputs }) => {
    if (op !== 'Flatten' || !upstream.dependent.has(inputs[0])) return false;
    const before = ancestorsOf(upstream.graph, inputs[0], upstream.graph.isConstant);
    const pools = before.some((node) => /^(Global|Reduce)/.test(node.op));
    return !pools && before.some((node) => /Conv|MatMul|Gemm/.test(node.op)) !== ofPixels;
  });

const kinds: readonly (readonly [is: (upstream: Upstream) => boolean, words: string])[] = [
  [
    isAdaptive,
    'it gathers cells into the windows of an adaptive pool (GatherND) that do not divide the map; export it with an input at which the map is as large as what that pool gives, or a multiple',
  ],
  [
    // Its values are made inside of it, of a matrix that holds the weights of queries, keys and values in one.
    (upstream) => has(upstream, 'com.microsoft.Attention'),
    'attention is one operator here (com.microsoft.Attention), which gives out neither its weights nor its values; export the model without fusing operators',
  ],
  [isLogSumExp, 'it pools by log-sum-exp, of which no shares of cells add up to the result'],
  [isSecondOrder, 'it pools products of features with features (second-order pooling), which belong to pairs of cells'],
  [
    picksToken,
    'it reads one token (a class token) that attention in several blocks has made of the others, so what reaches the logits lies in no place',
  ],
  [
    (upstream) => has(upstream, 'Softmax'),
    'attention between the cells stands before the logits without a pool, so what reaches the logits lies in no place',
  ],
  [
    (upstream) => flattens(upstream, true),
    "a flatten (Flatten) makes one vector of the photo's pixels before any layer has made features of them, so there are no cells to weigh",
  ],
  [
    (upstream) => flattens(upstream, false),
    'a flatten (Flatten) gives each cell weights of its own, but the logits also depend on the photo in ways that do not lead through it, or cells cannot be told in what it flattens',
  ],
];

/** Why nothing pools what the logits know of the photo, where the kind of network is known. */
export const whyUnpooled = (graph: Graph, logits: string): string | undefined => {
  const nodes = ancestorsOf(graph, logits, graph.isConstant);
  const upstream = { graph, nodes, dependent: photoDependent(graph, nodes) };
  return kinds.find(([is]) => is(upstream))?.[1];
};
