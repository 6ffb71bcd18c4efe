import { existsSync, readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Alpha } from '../../src/image/alpha.js';
import { decode } from '../../src/image/decode.js';
import { fixture } from '../helpers/folders.js';
import { largestDifference, pixelsOf } from '../helpers/pictures.js';

const files = readdirSync(fixture('photo-files')).filter((name) =>
  existsSync(fixture('photo-files', `${name}.rgb.png`)),
);
const read = (name: string): Uint8Array => readFileSync(fixture('photo-files', name));
const decoded = (bytes: Uint8Array, alpha: Alpha = 'drop') => decode(bytes, { alpha, acceptDamaged: false });

/** Pixels of RGBA as a PNG. */
const rgbaPng = (pixels: readonly (readonly number[])[]): Promise<Buffer> =>
  sharp(Uint8Array.from(pixels.flat()), { raw: { width: pixels.length, height: 1, channels: 4 } })
    .png()
    .toBuffer();

describe('the colours of a file', () => {
  it.each(files)("are those of Pillow's convert('RGB'), within one level: %s", async (name) => {
    const photo = await decoded(read(name));
    const expected = await pixelsOf(read(`${name}.rgb.png`));
    expect([photo.width, photo.height]).toEqual([expected.width, expected.height]);
    expect(largestDifference(photo.data, expected.data)).toBeLessThanOrEqual(1);
    expect(photo.damaged).toBe(false);
  });

  it('are met for CMYK by two writers, in JPEG and TIFF, of 8 and 16 bits', () => {
    expect(files.filter((name) => /^(cmyk|ycck)/.test(name))).toHaveLength(5);
  });

  it('of 16-bit gray are scaled, where Pillow cuts them off at 255', async () => {
    const gray = Uint16Array.from([0, 0x0100, 0x80ff, 0xffff]);
    const png = await sharp(gray, { raw: { width: 4, height: 1, channels: 1, depth: 'ushort' } } as never)
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const pgm = Buffer.concat([Buffer.from('P5 4 1 65535\n'), Buffer.from([0, 0, 1, 0, 0x80, 0xff, 0xff, 0xff])]);
    for (const file of [png, pgm]) {
      const { data } = await decoded(file);
      expect(
        largestDifference(
          [0, 3, 6, 9].map((i) => data[i]),
          [0, 1, 128, 255],
        ),
      ).toBeLessThanOrEqual(1);
    }
  });
});

describe('transparency', () => {
  const pixels = [
    [200, 100, 50, 255],
    [200, 100, 50, 0],
    [200, 100, 50, 102],
  ];

  it.each([
    ['white', [200, 100, 50, 255, 255, 255, 233, 193, 173]],
    ['black', [200, 100, 50, 0, 0, 0, 80, 40, 20]],
    ['drop', [200, 100, 50, 200, 100, 50, 200, 100, 50]],
  ] as const)('is laid over, or dropped: %s', async (alpha, expected) => {
    const { data } = await decoded(await rgbaPng(pixels), alpha);
    expect(largestDifference(data, expected)).toBeLessThanOrEqual(1);
  });

  it.each(['rgba.bmp', 'palette-alpha.png', 'gray-alpha.tif', 'rgba.webp'])('is seen in %s', async (name) => {
    const [white, black, drop] = await Promise.all(
      (['white', 'black', 'drop'] as const).map((alpha) => decoded(read(name), alpha)),
    );
    expect(largestDifference(white.data, black.data)).toBe(255);
    expect(largestDifference(white.data, drop.data)).toBeGreaterThan(20);
  });

  it("of a GIF's ground is white only where the frame has a transparent colour", async () => {
    const corner = async (name: string) => Array.from((await decoded(read(name), 'white')).data.subarray(0, 3));
    expect(await corner('frame-clear.gif')).toEqual([255, 255, 255]);
    expect(await corner('frame.gif')).not.toEqual([255, 255, 255]);
  });
});
