import { TensorProto_DataType as Type } from 'onnx-buf';
import { intAttribute, intsAttribute } from '../../onnx/graph.js';
import { sizeOf } from '../../onnx/tensor.js';
import { type Call, linear, type Operator, positiveAxis, refuse, required, type Status } from '../operator.js';
import { broadcastIndex } from './broadcast.js';

/** New dims, and for each element of the output its index in the input. */
interface Rearrangement {
  readonly dims: readonly number[];
  /** Left out: the elements stay in their order. */
  readonly index?: Int32Array;
}

/** An operator that only moves, repeats or drops elements of its first input. Other inputs must be constant. */
const moving = (rearrange: (call: Call) => Rearrangement): Operator => ({
  evaluate: (call) => {
    const { data } = required(call, 0);
    const { dims, index } = rearrange(call);
    if (index === undefined && sizeOf(dims) !== data.length) {
      throw refuse(call.node, `which turns ${required(call, 0).dims.join('x')} into ${dims.join('x')}`);
    }
    return { dims, data: index === undefined ? data : Float64Array.from(index, (at) => data[at]) };
  },
  status: movedStatus,
  pullBack: (call, _, gradient) => {
    const { index } = rearrange(call);
    if (index === undefined) return [gradient];
    const back = new Float64Array(required(call, 0).data.length);
    for (let i = 0; i < index.length; i++) back[index[i]] += gradient[i];
    return [back];
  },
  tangent: (call, emit) => {
    const { index } = rearrange(call);
    return index === undefined ? emit.tangent(0) : emit.pick(emit.tangent(0), index);
  },
});

const movedStatus = (call: Call): Status => {
  if (call.statuses.slice(1).some((status) => status !== 'constant')) {
    throw refuse(call.node, 'whose positions depend on the features');
  }
  return linear(call);
};

/** A list of integers, given as an input (newer opsets) or as an attribute (older ones). */
export const listOf = (call: Call, input: number, attribute: string): readonly number[] | undefined => {
  const given = call.inputs[input];
  return given === undefined ? intsAttribute(call.node, attribute) : Array.from(given.data);
};

const reshape = (call: Call): Rearrangement => {
  const from = required(call, 0).dims;
  const wanted = listOf(call, 1, 'shape') ?? [];
  const keepZero = intAttribute(call.node, 'allowzero', 0) === 0;
  const dims = wanted.map((dim, axis) => (dim === 0 && keepZero ? (from[axis] ?? 0) : dim));
  const known = sizeOf(dims.filter((dim) => dim !== -1));
  return { dims: dims.map((dim) => (dim === -1 ? sizeOf(from) / known : dim)) };
};

const flatten = (call: Call): Rearrangement => {
  const from = required(call, 0).dims;
  const axis = positiveAxis(intAttribute(call.node, 'axis', 1), from.length);
  return { dims: [sizeOf(from.slice(0, axis)), sizeOf(from.slice(axis))] };
};

const squeeze = (call: Call): Rearrangement => {
  const from = required(call, 0).dims;
  const axes = listOf(call, 1, 'axes')?.map((axis) => positiveAxis(axis, from.length));
  return { dims: from.filter((dim, axis) => (axes === undefined ? dim !== 1 : !axes.includes(axis))) };
};

const unsqueeze = (call: Call): Rearrangement => {
  const from = [...required(call, 0).dims];
  const given = listOf(call, 1, 'axes') ?? [];
  const axes = given.map((axis) => positiveAxis(axis, from.length + given.length));
  const dims = Array.from({ length: from.length + given.length }, (_, axis) =>
    axes.includes(axis) ? 1 : from.shift(),
  );
  return { dims: dims.map((dim) => dim ?? 1) };
};

const stridesOf = (dims: readonly number[]): number[] => dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));

/** Elements at every combination of the given positions along each axis, `strides` apart in the input. */
const combinations = (positions: readonly (readonly number[])[], strides: readonly number[]): Int32Array =>
  positions.reduce<Int32Array>((index, along, axis) => {
    const next = new Int32Array(index.length * along.length);
    let out = 0;
    for (const start of index) for (const position of along) next[out++] = start + position * strides[axis];
    return next;
  }, Int32Array.of(0));

const upTo = (length: number): number[] => Array.from({ length }, (_, i) => i);

const transpose = (call: Call): Rearrangement => {
  const from = required(call, 0).dims;
  const order = intsAttribute(call.node, 'perm') ?? upTo(from.length).reverse();
  const strides = stridesOf(from);
  const dims = order.map((axis) => from[axis]);
  return {
    dims,
    index: combinations(
      dims.map(upTo),
      order.map((axis) => strides[axis]),
    ),
  };
};

const gather = (call: Call): Rearrangement => {
  const from = required(call, 0).dims;
  const picks = required(call, 1);
  const axis = positiveAxis(intAttribute(call.node, 'axis', 0), from.length);
  const along = Array.from(picks.data, (pick) => (pick < 0 ? pick + from[axis] : pick));
  if (along.some((pick) => pick < 0 || pick >= from[axis])) throw refuse(call.node, 'which reaches outside its input');
  const positions = from.map((dim, i) => (i === axis ? along : upTo(dim)));
  const dims = [...from.slice(0, axis), ...picks.dims, ...from.slice(axis + 1)];
  return { dims, index: combinations(positions, stridesOf(from)) };
};

const slice = (call: Call): Rearrangement => {
  const from = required(call, 0).dims;
  const starts = listOf(call, 1, 'starts') ?? [];
  const ends = listOf(call, 2, 'ends') ?? [];
  const axes = listOf(call, 3, 'axes') ?? upTo(starts.length);
  const steps = listOf(call, 4, 'steps') ?? starts.map(() => 1);
  const positions = from.map(upTo);
  axes.forEach((given, i) => {
    const axis = positiveAxis(given, from.length);
    const size = from[axis];
    const step = steps[i];
    const clamp = (at: number, low: number, high: number) => Math.min(high, Math.max(low, at < 0 ? at + size : at));
    const start = step > 0 ? clamp(starts[i], 0, size) : clamp(starts[i], 0, size - 1);
    const end = step > 0 ? clamp(ends[i], 0, size) : clamp(ends[i], -1, size - 1);
    const count = Math.max(0, Math.ceil((end - start) / step));
    positions[axis] = Array.from({ length: count }, (_, j) => start + j * step);
  });
  return { dims: positions.map((along) => along.length), index: combinations(positions, stridesOf(from)) };
};

const split = (call: Call): Rearrangement => {
  const from = required(call, 0).dims;
  const axis = positiveAxis(intAttribute(call.node, 'axis', 0), from.length);
  const parts = call.node.outputs.length;
  const sizes =
    listOf(call, 1, 'split') ??
    upTo(parts).map((i) => {
      const size = Math.ceil(from[axis] / parts);
      return Math.min(size, from[axis] - i * size);
    });
  const start = sizes.slice(0, call.output).reduce((sum, size) => sum + size, 0);
  const positions = from.map((dim, i) => (i === axis ? upTo(sizes[call.output]).map((p) => p + start) : upTo(dim)));
  return { dims: positions.map((along) => along.length), index: combinations(positions, stridesOf(from)) };
};

const expand = (call: Call): Rearrangement => {
  const from = required(call, 0).dims;
  const wanted = Array.from(required(call, 1).data);
  const rank = Math.max(from.length, wanted.length);
  const at = (dims: readonly number[], axis: number) => dims[axis - rank + dims.length] ?? 1;
  const dims = upTo(rank).map((axis) => (at(from, axis) === 1 ? at(wanted, axis) : at(from, axis)));
  return { dims, index: broadcastIndex(from, dims) };
};

const concat = (call: Call) => {
  const parts = call.inputs.map((_, i) => required(call, i));
  const axis = positiveAxis(intAttribute(call.node, 'axis', 0), parts[0].dims.length);
  const inner = sizeOf(parts[0].dims.slice(axis + 1));
  const outer = sizeOf(parts[0].dims.slice(0, axis));
  const length = parts.reduce((sum, part) => sum + part.dims[axis], 0);
  const dims = parts[0].dims.map((dim, i) => (i === axis ? length : dim));
  if (parts.some((part) => part.dims.some((dim, i) => i !== axis && dim !== dims[i]))) {
    throw refuse(call.node, 'whose parts do not fit');
  }
  return { parts, dims, inner, outer, axis, row: length * inner };
};

const concatenation: Operator = {
  evaluate: (call) => {
    const { parts, dims, inner, outer, axis, row } = concat(call);
    const data = new Float64Array(sizeOf(dims));
    let start = 0;
    for (const part of parts) {
      const run = part.dims[axis] * inner;
      for (let i = 0; i < outer; i++) data.set(part.data.subarray(i * run, (i + 1) * run), i * row + start);
      start += run;
    }
    return { dims, data };
  },
  status: linear,
  pullBack: (call, _, gradient) => {
    const { parts, inner, outer, axis, row } = concat(call);
    let start = 0;
    return parts.map((part) => {
      const back = new Float64Array(part.data.length);
      const run = part.dims[axis] * inner;
      for (let i = 0; i < outer; i++) back.set(gradient.subarray(i * row + start, i * row + start + run), i * run);
      start += run;
      return back;
    });
  },
};

export const same = moving((call) => ({ dims: required(call, 0).dims }));

const wholeTypes: readonly number[] = [
  ...[Type.UINT8, Type.INT8, Type.UINT16, Type.INT16],
  ...[Type.INT32, Type.INT64, Type.UINT32, Type.UINT64],
];
const realTypes: readonly number[] = [Type.FLOAT, Type.FLOAT16, Type.DOUBLE, Type.BFLOAT16];

/** The element type that a Cast gives. */
const castTo = ({ node }: Call): number => intAttribute(node, 'to', Type.FLOAT);

/** Casts that change no number of a head. Casts to integers round, and are understood only in shape arithmetic. */
const cast: Operator = {
  ...same,
  evaluate: (call) => {
    const value = required(call, 0);
    return wholeTypes.includes(castTo(call)) ? { ...value, data: value.data.map(Math.trunc) } : value;
  },
  status: (call) => {
    const status = linear(call);
    if (status !== 'constant' && !realTypes.includes(castTo(call))) throw refuse(call.node, 'which rounds');
    return status;
  },
};

/** Operators that move numbers without changing them. */
export const rearrangements: Readonly<Record<string, Operator>> = {
  Reshape: moving(reshape),
  Flatten: moving(flatten),
  Squeeze: moving(squeeze),
  Unsqueeze: moving(unsqueeze),
  Transpose: moving(transpose),
  Gather: moving(gather),
  Slice: moving(slice),
  Split: { ...moving(split), outputs: Number.POSITIVE_INFINITY },
  Expand: moving(expand),
  Identity: same,
  Dropout: same,
  Cast: cast,
  Concat: concatenation,
};
