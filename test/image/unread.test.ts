import { readdirSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/image/decode.js';
import { photoFormats } from '../../src/image/formats.js';
import { unreadEndings } from '../../src/image/kinds.js';
import { fixture } from '../helpers/folders.js';
import { cat } from '../helpers/runs.js';

const failureOf = async (bytes: Uint8Array, acceptDamaged = false) => {
  const failure = await decode(bytes, { alpha: 'white', acceptDamaged }).then(
    () => undefined,
    ({ code, message }: Error & { code: string }) => ({ code, message }),
  );
  if (failure === undefined) throw new Error('it was read');
  return failure;
};

const latin = (text: string, length = 64): Buffer => Buffer.from(text.padEnd(length, '\0'), 'latin1');

// What Pillow or ImageMagick wrote, as each is called; and TIFFs, with what in them is not read.
const made: Readonly<Record<string, string>> = {
  ...{
    blp: 'BLP',
    dds: 'DDS',
    eps: 'EPS',
    ico: 'ICO',
    im: 'IM',
    jpeg2000: 'JPEG 2000',
    'jpeg2000-stream': 'JPEG 2000',
  },
  ...{
    msp: 'MSP',
    pcx: 'PCX',
    qoi: 'QOI',
    sgi: 'SGI',
    spider: 'SPIDER',
    tga: 'TGA',
    xbm: 'XBM',
    pfm: 'PFM',
    pdf: 'PDF',
  },
  ...{ psd: 'PSD', fits: 'FITS', dcx: 'DCX', xpm: 'XPM', sun: 'Sun raster', pam: 'PAM', hdr: 'Radiance HDR' },
  'lzma.tif': 'This kind of TIFF (LZMA compression)',
  'zstd.tif': 'This kind of TIFF (Zstandard compression)',
  'lab.tif': 'This kind of TIFF (Lab colours)',
  'channel-tiles.tif': 'This kind of TIFF (tiles of single channels)',
  'twelve-bits.tif': 'This kind of TIFF (12 bits a channel)',
};

describe('a picture of a kind that is not read', () => {
  it.each(readdirSync(fixture('photo-files', 'unread')))('is called by its name, and not damaged: %s', async (name) => {
    expect(await failureOf(readFileSync(fixture('photo-files', 'unread', name)))).toEqual({
      code: 'unsupported-format',
      message: `${made[name]} is not read here; convert it to JPEG or PNG.`,
    });
  });

  it.each([
    ['HEIC', latin('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['HEIC', latin('\0\0\0\x18ftypmif1\0\0\0\0mif1heic')],
    ['JPEG XL', latin('\xff\x0a\xfa\x1f')],
    ['JPEG XR', latin('II\xbc\x01')],
    ['CR2', latin('II*\0\x10\0\0\0CR\x02\0')],
    ['CR3', latin('\0\0\0\x18ftypcrx \0\0\0\x01')],
    ['RAF', latin('FUJIFILMCCD-RAW 0201')],
    ['OpenEXR', latin('\x76\x2f\x31\x01\x02')],
    ['XCF', latin('gimp xcf v011')],
    ['ICNS', latin('icns\0\0\x10\0')],
    ['WMF', latin('\xd7\xcd\xc6\x9a\0\0')],
    ['Video', latin('\0\0\0\x18ftypisom\0\0\x02\0')],
    ['This kind of JPEG (lossless)', latin('\xff\xd8\xff\xc3\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0\xff\xda')],
    ['This kind of JPEG (12 bits a channel)', latin('\xff\xd8\xff\xc1\0\x0b\x0c\0\x10\0\x10\x01\x01\x11\0\xff\xda')],
    ['This kind of BMP (compression 4)', latin(`BM${'\0'.repeat(12)}\x28${'\0'.repeat(13)}\x18\0\x04`)],
  ])('is told by its first bytes: %s', async (name, bytes) => {
    const { code, message } = await failureOf(bytes);
    expect({ code, message }).toEqual({
      code: 'unsupported-format',
      message: `${name} is not read here; convert it to JPEG or PNG.`,
    });
  });

  it("is not shown by the small copy that a camera's raw file begins with", async () => {
    // One RGB pixel of a reduced picture, with others below it.
    const entries = [
      [254, 4, 1, 1],
      [256, 3, 1, 1],
      [257, 3, 1, 1],
      [258, 3, 1, 8],
      [262, 3, 1, 2],
      [273, 4, 1, 8],
      [277, 3, 1, 3],
      [279, 4, 1, 3],
      [330, 4, 1, 8],
    ];
    const file = Buffer.alloc(12 + 2 + entries.length * 12 + 4);
    file.write('II*\0', 'latin1');
    file.writeUInt32LE(12, 4);
    file.writeUInt16LE(entries.length, 12);
    entries.forEach(([tag, type, count, value], i) => {
      file.writeUInt16LE(tag, 14 + i * 12);
      file.writeUInt16LE(type, 16 + i * 12);
      file.writeUInt32LE(count, 18 + i * 12);
      file.writeUInt32LE(value, 22 + i * 12);
    });
    expect((await failureOf(file)).message).toMatch(/^A camera's raw file is not read here/);
    // The same without others below it is a photo.
    file.writeUInt16LE(65_000, 14 + 8 * 12);
    expect((await decode(file)).width).toBe(1);
  });

  it('has an ending that no format that is read has', () => {
    const read = Object.values(photoFormats).flat();
    expect([...unreadEndings.keys()].filter((ending) => read.includes(ending))).toEqual([]);
    expect([...unreadEndings.keys()].every((ending) => /^\.[a-z0-9]+$/.test(ending))).toBe(true);
  });
});

describe('a damaged photo', () => {
  const bmp = readFileSync(fixture('photo-files', 'rgb.bmp'));
  const tiff = () => sharp(cat).tiff({ compression: 'lzw' }).toBuffer();

  it.each([
    ['JPEG', async () => cat],
    ['PNG', () => sharp(cat).png().toBuffer()],
    ['TIFF', tiff],
    ['BMP', async () => bmp],
    ['BMP with run lengths', async () => readFileSync(fixture('photo-files', 'run-lengths.bmp'))],
    ['PPM', async () => readFileSync(fixture('photo-files', 'rgb.ppm'))],
    ['PPM in letters', async () => readFileSync(fixture('photo-files', 'letters.ppm'))],
    ['PBM', async () => readFileSync(fixture('photo-files', 'bits.pbm'))],
  ])('is called damaged where its end is missing, with the way out: %s', async (_, make) => {
    const bytes = await make();
    const { code, message } = await failureOf(bytes.subarray(0, bytes.length * 0.7));
    expect(code).toBe('undecodable');
    expect(message).toMatch(/damaged or cut off; --accept-damaged/);
  });

  it.each([
    ['JPEG', async () => cat, 0.7],
    ['PNG', () => sharp(cat).png().toBuffer(), 0.7],
    ['BMP', async () => bmp, 0.7],
    ['PPM in letters', async () => readFileSync(fixture('photo-files', 'letters.ppm')), 0.7],
  ])('is drawn with what there is where that is wanted: %s', async (_, make, share) => {
    const bytes = await make();
    const rules = { alpha: 'white', acceptDamaged: true } as const;
    const [whole, cut] = [await decode(bytes, rules), await decode(bytes.subarray(0, bytes.length * share), rules)];
    expect([whole.damaged, cut.damaged]).toEqual([false, true]);
    expect([cut.width, cut.height]).toEqual([whole.width, whole.height]);
    const same = whole.data.filter((value, i) => value === cut.data[i]).length / whole.data.length;
    expect(same).toBeGreaterThan(0.3);
    expect(same).toBeLessThan(0.95);
  });

  it('of which nothing is there stays an error', async () => {
    expect(await failureOf(cat.subarray(0, 200), true)).toMatchObject({ code: 'undecodable' });
    expect((await failureOf(cat.subarray(0, 200), true)).message).toMatch(/nothing of it can be drawn/);
  });

  it('that is no photo stays none', async () => {
    expect(await failureOf(Buffer.from('just words'), true)).toMatchObject({ code: 'not-a-photo' });
  });
});

describe('a hostile header', () => {
  const bmpOf = (width: number, height: number, bits = 24, compression = 0): Buffer => {
    const head = Buffer.alloc(60);
    head.write('BM');
    head.writeUInt32LE(54, 10);
    head.writeUInt32LE(40, 14);
    head.writeInt32LE(width, 18);
    head.writeInt32LE(height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(bits, 28);
    head.writeUInt32LE(compression, 30);
    return head;
  };
  const largest = 0x3fff;

  it.each([
    ['a BMP of more pixels than are read', bmpOf(largest, largest + 1), 'too-large'],
    ['a BMP of as many, in 60 bytes', bmpOf(largest, largest), 'undecodable'],
    ['a BMP of run lengths of as many', bmpOf(largest, largest, 8, 1), 'undecodable'],
    ['a BMP of a negative width', bmpOf(-5, 5), 'undecodable'],
    ['a BMP of the smallest height there is', bmpOf(5, -(2 ** 31)), 'too-large'],
    ['a BMP of no pixels', bmpOf(0, 5), 'undecodable'],
    ['a BMP that ends in its header', bmpOf(5, 5).subarray(0, 20), 'undecodable'],
    ['a PPM of more pixels than are read', Buffer.from(`P6 ${largest} ${largest + 1} 255\n`), 'too-large'],
    ['a PPM of as many, in a few bytes', Buffer.from(`P6 ${largest} ${largest} 255\n`), 'undecodable'],
    ['a PGM in letters of as many', Buffer.from(`P2 ${largest} ${largest} 255\n1 2`), 'undecodable'],
    ['a PPM whose numbers never end', Buffer.from(`P6 ${'9'.repeat(5000)} 5 255\n`), 'undecodable'],
    ['a PPM that is all comment', Buffer.from(`P6 #${'x'.repeat(5000)}`), 'undecodable'],
    ['a PGM of level 0', Buffer.from('P5 1 1 0\n1'), 'undecodable'],
    ['a PGM in letters above its largest level', Buffer.from('P2 1 1 9\n10\n'), 'undecodable'],
  ])('costs that file alone: %s', async (_, bytes, code) => {
    expect(await failureOf(bytes)).toMatchObject({ code });
  });

  it.each([0, 1, 2, 3, 5, 8, 9, 12])(
    'of a TIFF whose directory leads out of the file names no fault of ours: %i bytes more',
    async (more) => {
      const file = Buffer.alloc(8 + more, 0xff);
      file.write('II*\0', 'latin1');
      file.writeUInt32LE(8, 4);
      expect(await failureOf(file)).toMatchObject({ code: 'undecodable' });
    },
  );

  it('of a PNG that states 12,000 x 12,000 pixels is damaged, also where damage is accepted', async () => {
    const head = Buffer.from('89504e470d0a1a0a0000000d4948445200002ee000002ee00802000000', 'hex');
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(head.subarray(12)));
    expect(await failureOf(Buffer.concat([head, crc]), true)).toMatchObject({ code: 'undecodable' });
  });
});
