import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/image/decode.js';
import { storedOf, uprightBox } from '../../src/image/orientation.js';

const [W, H] = [48, 32];
const colours = { red: [250, 20, 20], green: [20, 250, 20], blue: [20, 20, 250], gray: [120, 120, 120] } as const;
type Colour = keyof typeof colours;

/** Quarters as they are stored: red and green above blue and gray. */
const stored = (): Sharp => {
  const data = new Uint8Array(W * H * 3);
  for (let i = 0; i < W * H; i++) {
    const [left, top] = [i % W < W / 2, Math.floor(i / W) < H / 2];
    data.set(colours[top ? (left ? 'red' : 'green') : left ? 'blue' : 'gray'], i * 3);
  }
  return sharp(data, { raw: { width: W, height: H, channels: 3 } });
};

/** By EXIF 2.32, tag Orientation: where the stored row 0 and column 0 are shown; so which quarter is shown where. */
const shown: Readonly<Record<number, readonly [Colour, Colour, Colour, Colour]>> = {
  1: ['red', 'green', 'blue', 'gray'],
  2: ['green', 'red', 'gray', 'blue'],
  3: ['gray', 'blue', 'green', 'red'],
  4: ['blue', 'gray', 'red', 'green'],
  5: ['red', 'blue', 'green', 'gray'],
  6: ['blue', 'red', 'gray', 'green'],
  7: ['gray', 'green', 'blue', 'red'],
  8: ['green', 'gray', 'red', 'blue'],
};

const nearest = (pixel: ArrayLike<number>): Colour => {
  const distance = (colour: Colour) => colours[colour].reduce((sum, value, i) => sum + Math.abs(value - pixel[i]), 0);
  return (Object.keys(colours) as Colour[]).sort((a, b) => distance(a) - distance(b))[0];
};

/** Colours of the quarters, left to right, from the top. */
const quartersOf = async (bytes: Uint8Array) => {
  const { width, height, data } = await decode(bytes);
  const at = (x: number, y: number) => nearest(data.subarray((y * width + x) * 3));
  const [left, right, top, bottom] = [width >> 2, (width * 3) >> 2, height >> 2, (height * 3) >> 2];
  return { size: [width, height], quarters: [at(left, top), at(right, top), at(left, bottom), at(right, bottom)] };
};

const expectUpright = async (bytes: Uint8Array, orientation: number) =>
  expect(await quartersOf(bytes)).toEqual({
    size: orientation >= 5 ? [H, W] : [W, H],
    quarters: shown[orientation],
  });

const formats: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  jpeg: (image) => image.jpeg({ quality: 95 }),
  png: (image) => image.png(),
  webp: (image) => image.webp({ lossless: true }),
  tiff: (image) => image.tiff({ compression: 'lzw' }),
};

const xmpOf = (orientation: number): string => {
  const value =
    orientation % 2 === 0
      ? ` tiff:Orientation="${orientation}"/>`
      : `><tiff:Orientation>${orientation}</tiff:Orientation></rdf:Description>`;
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/"${value}</rdf:RDF></x:xmpmeta>`;
};

/** A PNG with EXIF as ImageMagick writes it: in letters. */
const withRawProfile = async (orientation: number): Promise<Uint8Array> => {
  const exif = Buffer.from('4578696600004d4d002a00000008000101120003000000010000000000000000', 'hex');
  exif.writeUInt16BE(orientation, 24);
  const text = `Raw profile type exif\0\nexif\n${String(exif.length).padStart(8)}\n${exif.toString('hex')}\n`;
  const body = Buffer.from(`tEXt${text}`, 'latin1');
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  const png = await formats.png(stored()).toBuffer();
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
};

const every = [1, 2, 3, 4, 5, 6, 7, 8];

describe.each(every)('a photo of orientation %i is turned upright', (orientation) => {
  it.each(Object.keys(formats))('by EXIF: %s', async (format) => {
    const bytes = await formats[format](stored().withMetadata({ orientation })).toBuffer();
    await expectUpright(bytes, orientation);
  });

  it.each(['jpeg', 'png', 'webp'])('by XMP, where EXIF states none: %s', async (format) => {
    const bytes = await formats[format](stored().withXmp(xmpOf(orientation))).toBuffer();
    await expectUpright(bytes, orientation);
  });

  it("by a PNG's raw profile", async () => {
    await expectUpright(await withRawProfile(orientation), orientation);
  });
});

describe('a photo', () => {
  it('is turned by EXIF where XMP says otherwise', async () => {
    const bytes = await formats.jpeg(stored().withMetadata({ orientation: 3 }).withXmp(xmpOf(6))).toBuffer();
    await expectUpright(bytes, 3);
  });

  it.each([0, 9])('is left as it is by an orientation that does not exist: %i', async (orientation) => {
    await expectUpright(await formats.png(stored().withXmp(xmpOf(orientation))).toBuffer(), 1);
  });

  it('is left as it is by a raw profile that ends within its own list', async () => {
    const bytes = Buffer.from(await withRawProfile(6));
    const at = bytes.indexOf('4d4d002a00000008') + 12;
    bytes.write('ffff', at, 'latin1');
    bytes.writeUInt32BE(crc32(bytes.subarray(37, 37 + 4 + bytes.readUInt32BE(33))), 41 + bytes.readUInt32BE(33));
    await expectUpright(bytes, 1);
  });
});

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'orientation %i: a box that was turned as stored comes back upright',
  (orientation) => {
    const [upright, box] = [
      { width: 40, height: 30 },
      { x: 3, y: 5, width: 7, height: 11.5 },
    ];
    const stored = storedOf(upright, orientation);
    expect(uprightBox(stored.boxOf(box), stored.size, orientation)).toEqual(box);
  },
);
