/** Remainders of all bytes by the polynomial of CRC-32, as PNG and ZIP take it (ISO 3309). */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** CRC-32 of some bytes, from 0 to 2^32 - 1. Node's own is not in all versions that this runs on. */
export const crc32 = (bytes: Uint8Array): number => {
  let rest = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) rest = remainders[(rest ^ bytes[i]) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
};
