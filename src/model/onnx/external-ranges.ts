import { normalize } from 'node:path';
import {
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType as Type,
} from 'onnx-buf';
import { ModelError } from '../../errors.js';

/** Bytes of a file beside the model, from `start` to before `end`. */
export interface StoredRange {
  /** Path of the file from the model's folder. */
  readonly location: string;
  readonly start: number;
  /** Infinity: to the end of the file. */
  readonly end: number;
}

export const isExternal = ({ dataLocation }: TensorProto): boolean =>
  dataLocation === TensorProto_DataLocation.EXTERNAL;

const ofBits = (bits: number, ...types: readonly Type[]) => types.map((type): [number, number] => [type, bits]);

// Bits of each element type. Strings are never stored in external files.
const elementBits: ReadonlyMap<number, number> = new Map([
  ...ofBits(4, Type.UINT4, Type.INT4, Type.FLOAT4E2M1),
  ...ofBits(8, Type.UINT8, Type.INT8, Type.BOOL),
  ...ofBits(8, Type.FLOAT8E4M3FN, Type.FLOAT8E4M3FNUZ, Type.FLOAT8E5M2, Type.FLOAT8E5M2FNUZ),
  ...ofBits(16, Type.UINT16, Type.INT16, Type.FLOAT16, Type.BFLOAT16),
  ...ofBits(32, Type.FLOAT, Type.INT32, Type.UINT32),
  ...ofBits(64, Type.DOUBLE, Type.INT64, Type.UINT64, Type.COMPLEX64),
  ...ofBits(128, Type.COMPLEX128),
]);

/** Bytes that the tensor's type and dims need. Infinity where they do not tell. */
const sizeInBytes = ({ dims, dataType }: TensorProto): number => {
  const elements = dims.reduce((size, dim) => size * Number(dim), 1);
  const bytes = Math.ceil((elements * (elementBits.get(dataType) ?? Number.NaN)) / 8);
  return bytes >= 0 ? bytes : Number.POSITIVE_INFINITY;
};

/**
 * Where the numbers of an external tensor lie.
 * @throws ModelError `malformed-tensor`.
 */
export const rangeOf = (proto: TensorProto): StoredRange => {
  const entry = (key: string) => proto.externalData.find((e) => e.key === key)?.value;
  const malformed = (what: string) =>
    new ModelError('malformed-tensor', `Tensor ${JSON.stringify(proto.name)} in the model ${what}.`);
  const location = entry('location');
  if (location === undefined) throw malformed('is in a second file that it does not name');
  const numberOf = (key: string): number | undefined => {
    const text = entry(key);
    if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? undefined : Number(text);
    throw malformed(`has the ${key} ${JSON.stringify(text)} in ${location}, which is no place in a file`);
  };
  const start = numberOf('offset') ?? 0;
  return { location: normalize(location), start, end: start + (numberOf('length') ?? sizeInBytes(proto)) };
};

/** All tensors of the model: in its graph, in subgraphs, in attributes and in functions. */
function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  // Iterative: graphs from files may be arbitrarily deep.
  const graphs: GraphProto[] = model.graph === undefined ? [] : [model.graph];
  const nodes: NodeProto[] = model.functions.flatMap(({ node }) => node);
  const sparse = ({ values, indices }: GraphProto['sparseInitializer'][number]) => [values, indices];
  while (graphs.length + nodes.length > 0) {
    const graph = graphs.pop();
    if (graph !== undefined) {
      yield* graph.initializer;
      for (const tensor of graph.sparseInitializer.flatMap(sparse)) if (tensor !== undefined) yield tensor;
      for (const node of graph.node) nodes.push(node);
    }
    for (const { t, tensors, g, graphs: more, sparseTensor, sparseTensors } of nodes.pop()?.attribute ?? []) {
      if (t !== undefined) yield t;
      yield* tensors;
      for (const tensor of [...(sparseTensor ? [sparseTensor] : []), ...sparseTensors].flatMap(sparse)) {
        if (tensor !== undefined) yield tensor;
      }
      if (g !== undefined) graphs.push(g);
      for (const inner of more) graphs.push(inner);
    }
  }
}

/**
 * The parts of external files that the model's tensors use, sorted by file and position. Parts that several tensors use
 * are listed once.
 * @throws ModelError `malformed-tensor`.
 */
export const externalRanges = (model: ModelProto): readonly StoredRange[] => {
  const ranges: StoredRange[] = [];
  for (const tensor of tensorsOf(model)) if (isExternal(tensor)) ranges.push(rangeOf(tensor));
  ranges.sort((a, b) => (a.location === b.location ? a.start - b.start : a.location < b.location ? -1 : 1));
  const merged: StoredRange[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last === undefined || last.location !== range.location || last.end < range.start) merged.push(range);
    else merged[merged.length - 1] = { ...last, end: Math.max(last.end, range.end) };
  }
  return merged;
};
