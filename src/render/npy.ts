import type { ClassMap } from '../maps/class-map.js';

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
// The data starts at a multiple of this many bytes.
const ALIGNMENT = 64;

/** A class map as NumPy's .npy: float32 [rows, columns] in logits, little-endian, C order (NEP 1, format 1.0). */
export const npy = ({ rows, columns, data }: ClassMap): Uint8Array => {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  // The header's length takes two bytes, and a line feed ends the header.
  const start = Math.ceil((MAGIC.length + 2 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = Buffer.alloc(start + data.length * 4, ' ');
  MAGIC.copy(bytes);
  bytes.writeUInt16LE(start - MAGIC.length - 2, MAGIC.length);
  bytes.write(header, MAGIC.length + 2, 'latin1');
  bytes.write('\n', start - 1);
  data.forEach((value, i) => bytes.writeFloatLE(value, start + i * 4));
  return bytes;
};
