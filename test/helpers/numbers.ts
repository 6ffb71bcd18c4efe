import { readFileSync } from 'node:fs';
import sharp from 'sharp';

/** A 16-bit gray picture's numbers, row by row, with its size. */
export const numbersIn = async (path: string) => {
  const { data, info } = await sharp(readFileSync(path))
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const values = Array.from(new Uint16Array(data.buffer, data.byteOffset, data.length / 2));
  return { width: info.width, height: info.height, values };
};
