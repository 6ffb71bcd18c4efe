/** Arrays of NumPy, read by its description of the format: NEP 1. */
export interface NumpyArray {
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const readers: Readonly<Record<string, (bytes: Buffer, at: number) => number>> = {
  '<f4': (bytes, at) => bytes.readFloatLE(at),
  '<f8': (bytes, at) => bytes.readDoubleLE(at),
  '<i8': (bytes, at) => Number(bytes.readBigInt64LE(at)),
};

export const readNpy = (bytes: Buffer): NumpyArray => {
  if (bytes.toString('latin1', 0, 8) !== '\x93NUMPY\x01\x00') throw new Error('no .npy of version 1.0');
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const [, type = '', sizes = ''] =
    /^\{'descr': '(...)', 'fortran_order': False, 'shape': \(([\d, ]+)\), \} *\n$/.exec(header) ?? [];
  if (start % 64 !== 0 || readers[type] === undefined) throw new Error(`no header of an array: ${header}`);
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  const size = Number(type[2]);
  if (bytes.length !== start + count * size) throw new Error('its shape does not fit its size');
  return { type, shape, values: Array.from({ length: count }, (_, i) => readers[type](bytes, start + i * size)) };
};
