import { endianness } from 'node:os';
import type { ClassMap } from '../maps/class-map.js';

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
// The data starts at a multiple of this many bytes.
const ALIGNMENT = 64;

/** Numbers that NumPy has too. */
type Numbers = Float32Array | Float64Array | BigInt64Array;

const typeOf = (data: Numbers): string =>
  data instanceof BigInt64Array ? '<i8' : data instanceof Float64Array ? '<f8' : '<f4';

/** The data's own memory, little-endian. */
const bytesOf = (data: Numbers): Buffer => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (endianness() === 'LE') return bytes;
  return data.BYTES_PER_ELEMENT === 8 ? Buffer.from(bytes).swap64() : Buffer.from(bytes).swap32();
};

/** An array as NumPy's .npy: little-endian, C order (NEP 1, format 1.0). */
export const npyOf = (shape: readonly number[], data: Numbers): Uint8Array => {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '${typeOf(data)}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The header's length takes two bytes, and a line feed ends the header.
  const start = Math.ceil((MAGIC.length + 2 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const head = Buffer.alloc(start, ' ');
  MAGIC.copy(head);
  head.writeUInt16LE(start - MAGIC.length - 2, MAGIC.length);
  head.write(header, MAGIC.length + 2, 'latin1');
  head.write('\n', start - 1);
  return Buffer.concat([head, bytesOf(data)]);
};

/** A class map as .npy: float32 [rows, columns] in logits. */
export const npy = ({ rows, columns, data }: ClassMap): Uint8Array => npyOf([rows, columns], data);
