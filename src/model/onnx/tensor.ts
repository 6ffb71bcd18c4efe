import { type TensorProto, TensorProto_DataType as Type } from 'onnx-buf';
import { ModelError } from '../../errors.js';
import { isExternal, rangeOf } from './external-ranges.js';

/** Numbers in row-major order. Integers are stored as floating point, exact up to 2^53. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array;
  /** Smallest and largest number of the stored type, where that is an integer of 16 bits or less. */
  readonly range?: Range;
}

export type Range = readonly [number, number];

export const sizeOf = (dims: readonly number[]): number => dims.reduce((size, dim) => size * dim, 1);

export const scalar = (value: number): Tensor => ({ dims: [], data: Float64Array.of(value) });

/** Reads `length` bytes from `offset` of a file beside the model. */
export type ReadBeside = (location: string, offset: number, length: number) => Uint8Array;

// A head's largest tensor is its classifier: 22,000 classes with 4,096 features are 9e7 numbers.
const MAX_ELEMENTS = 2 ** 28;

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

// Powers of two, for each exponent of a binary16.
const powers = Float64Array.from({ length: 32 }, (_, exponent) => 2 ** (exponent - 15));

/** IEEE 754 binary16, including subnormals. */
export const float16ToNumber = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * powers[exponent];
};

/** The nearest binary16. Ties round to even, and numbers beyond its range become infinite. */
export const numberToFloat16 = (value: number): number => {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(magnitude)) return 0x7e00;
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  // In units of the last of 10 fraction bits. Adding and subtracting 2^52 rounds half to even.
  const steps = magnitude / 2 ** (exponent - 10) + 2 ** 52 - 2 ** 52;
  const bits = (exponent + 14) * 1024 + steps;
  return magnitude === 0 ? sign : sign | Math.min(bits, 0x7c00);
};

const bfloatScratch = new DataView(new ArrayBuffer(4));
const bfloat16ToNumber = (bits: number): number => {
  bfloatScratch.setUint16(0, bits);
  return bfloatScratch.getFloat32(0);
};

interface Format {
  readonly bytes: number;
  readonly read: (data: DataView, at: number) => number;
  /** The field that holds the numbers, where they are not raw bytes. */
  readonly field: 'floatData' | 'doubleData' | 'int32Data' | 'int64Data' | 'uint64Data';
  /** Decodes a number of that field. Left out: it is the number itself. */
  readonly decode?: (bits: number) => number;
  readonly range?: Range;
}

const formats: Readonly<Partial<Record<Type, Format>>> = {
  [Type.FLOAT]: { bytes: 4, read: (d, at) => d.getFloat32(at, true), field: 'floatData' },
  [Type.DOUBLE]: { bytes: 8, read: (d, at) => d.getFloat64(at, true), field: 'doubleData' },
  [Type.FLOAT16]: {
    bytes: 2,
    read: (d, at) => float16ToNumber(d.getUint16(at, true)),
    field: 'int32Data',
    decode: float16ToNumber,
  },
  [Type.BFLOAT16]: {
    bytes: 2,
    read: (d, at) => bfloat16ToNumber(d.getUint16(at, true)),
    field: 'int32Data',
    decode: bfloat16ToNumber,
  },
  [Type.INT64]: { bytes: 8, read: (d, at) => Number(d.getBigInt64(at, true)), field: 'int64Data' },
  [Type.UINT64]: { bytes: 8, read: (d, at) => Number(d.getBigUint64(at, true)), field: 'uint64Data' },
  [Type.INT32]: { bytes: 4, read: (d, at) => d.getInt32(at, true), field: 'int32Data' },
  [Type.UINT32]: { bytes: 4, read: (d, at) => d.getUint32(at, true), field: 'uint64Data' },
  [Type.INT16]: { bytes: 2, read: (d, at) => d.getInt16(at, true), field: 'int32Data', range: [-32768, 32767] },
  [Type.UINT16]: { bytes: 2, read: (d, at) => d.getUint16(at, true), field: 'int32Data', range: [0, 65535] },
  [Type.INT8]: { bytes: 1, read: (d, at) => d.getInt8(at), field: 'int32Data', range: [-128, 127] },
  [Type.UINT8]: { bytes: 1, read: (d, at) => d.getUint8(at), field: 'int32Data', range: [0, 255] },
  [Type.BOOL]: { bytes: 1, read: (d, at) => d.getUint8(at), field: 'int32Data' },
};

/** Smallest and largest number of an ONNX element type that is an integer of 16 bits or less. */
export const rangeOfType = (type: number): Range | undefined => formats[type as Type]?.range;

const malformed = (proto: TensorProto, what: string): ModelError =>
  new ModelError('malformed-tensor', `Tensor ${JSON.stringify(proto.name)} in the model ${what}.`);

/** Bytes of a tensor that is not stored number by number. @throws ModelError `malformed-tensor` where they are not so many. */
const bytesOf = (proto: TensorProto, wanted: number, readBeside: ReadBeside): Uint8Array => {
  const range = isExternal(proto) ? rangeOf(proto) : undefined;
  const found = range === undefined ? proto.rawData.length : range.end - range.start;
  // Before they are read: a file may claim any size.
  if (found !== wanted) throw malformed(proto, `has dims ${proto.dims.join(' x ')} but ${found} bytes of data`);
  return range === undefined ? proto.rawData : readBeside(range.location, range.start, wanted);
};

/**
 * The numbers of a stored tensor.
 * @throws ModelError `malformed-tensor` where bytes and dims disagree, or the type is not numeric.
 */
export const readTensor = (proto: TensorProto, readBeside: ReadBeside): Tensor => {
  const format = formats[proto.dataType as Type];
  if (format === undefined) throw malformed(proto, `has data type ${proto.dataType}, which holds no numbers`);
  const dims = proto.dims.map(Number);
  const size = sizeOf(dims);
  if (dims.some((dim) => dim < 0) || size > MAX_ELEMENTS) {
    throw malformed(proto, `has dims ${dims.join(' x ')}, which no classifier's head has`);
  }
  const stored = proto[format.field];
  const isListed = !isExternal(proto) && proto.rawData.length === 0 && stored.length > 0;
  if (isListed && stored.length !== size) {
    throw malformed(proto, `has dims ${dims.join(' x ')} but ${stored.length} numbers`);
  }
  const bytes = isListed ? undefined : bytesOf(proto, size * format.bytes, readBeside);
  const data = format.bytes === 4 && format.field === 'floatData' ? new Float32Array(size) : new Float64Array(size);
  if (bytes === undefined) {
    const decode = format.decode ?? Number;
    for (let i = 0; i < size; i++) data[i] = decode(Number(stored[i]));
  } else if (data instanceof Float32Array && isLittleEndian) {
    // Stored as in memory: a head's matrix may have a hundred million numbers.
    new Uint8Array(data.buffer).set(bytes);
  } else {
    const raw = view(bytes);
    for (let i = 0; i < size; i++) data[i] = format.read(raw, i * format.bytes);
  }
  return { dims, data, ...(format.range && { range: format.range }) };
};
