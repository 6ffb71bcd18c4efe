/** A map's cells as base64 of float32, little-endian on every machine. */
export const encodeCells = (cells: ArrayLike<number>): string => {
  const bytes = Buffer.alloc(cells.length * Float32Array.BYTES_PER_ELEMENT);
  for (let i = 0; i < cells.length; i++) bytes.writeFloatLE(cells[i], i * Float32Array.BYTES_PER_ELEMENT);
  return bytes.toString('base64');
};
