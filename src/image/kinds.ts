import { at, bytesOf, isFli, isHeic, isSpider, isTga, matches, ofBrand, type Recognise, starts } from './signatures.js';

/** Picture files that are known and not read, so that each is called what it is, not damaged. A further one is one entry. */

interface Kind {
  readonly name: string;
  /** Its file name extensions. Files of these are counted where they are found in a folder. */
  readonly endings: readonly string[];
  readonly recognises: Recognise;
}

const kind = (name: string, endings: string, recognises: Recognise): Kind => ({
  name,
  endings: endings === '' ? [] : endings.split(' ').map((ending) => `.${ending}`),
  recognises,
});

const both =
  (...all: readonly Recognise[]): Recognise =>
  (bytes) =>
    all.every((recognises) => recognises(bytes));

const never: Recognise = () => false;

// Those that have a weak mark come last.
const kinds: readonly Kind[] = [
  kind('HEIC', 'heic heif hif', isHeic),
  kind('JPEG 2000', 'jp2 j2k j2c jpc jpf jpx jpm', starts('\0\0\0\x0cjP  ', '\xff\x4f\xff\x51')),
  kind('JPEG XL', 'jxl', starts('\0\0\0\x0cJXL ', '\xff\x0a')),
  kind('JPEG XR', 'jxr wdp hdp', starts('II\xbc')),
  kind('PSD', 'psd psb', starts('8BPS')),
  kind('XCF', 'xcf', starts('gimp xcf')),
  kind('SVG', 'svg svgz', never),
  kind('CR2', 'cr2', both(starts('II*\0'), at(8, ['CR\x02']))),
  kind('CR3', 'cr3', ofBrand('crx ')),
  kind('CRW', 'crw', at(6, ['HEAPCCDR'])),
  kind('RAF', 'raf', starts('FUJIFILMCCD-RAW')),
  kind('ORF', 'orf', starts('IIRO', 'IIRS', 'MMOR')),
  kind('RW2', 'rw2', starts('IIU\0')),
  kind('X3F', 'x3f', starts('FOVb')),
  kind('MRW', 'mrw', starts('\0MRM')),
  // TIFF inside, which src/image/decoders/tiff-kinds.ts tells.
  kind('NEF', 'nef nrw', never),
  kind('ARW', 'arw sr2 srf', never),
  kind('DNG', 'dng', never),
  kind('PEF', 'pef', never),
  kind('SRW', 'srw', never),
  kind('raw file', '3fr erf kdc dcr mef mos iiq', never),
  kind('OpenEXR', 'exr', starts('\x76\x2f\x31\x01')),
  kind('Radiance HDR', 'hdr', starts('#?RADIANCE', '#?RGBE')),
  kind('DDS', 'dds', starts('DDS ')),
  kind('QOI', 'qoi', starts('qoif')),
  kind('BPG', 'bpg', starts('BPG\xfb')),
  kind('BLP', 'blp', starts('BLP1', 'BLP2')),
  kind('FTEX', 'ftc ftu', starts('FTEX')),
  kind('ICNS', 'icns', starts('icns')),
  kind(
    'ICO',
    'ico',
    both(starts('\0\0\x01\0'), (bytes) => bytes[4] > 0 && bytes[5] === 0),
  ),
  kind(
    'CUR',
    'cur',
    both(starts('\0\0\x02\0'), (bytes) => bytes[4] > 0 && bytes[5] === 0 && bytes[9] === 0),
  ),
  kind('FITS', 'fits fit fts', starts('SIMPLE  =')),
  kind('HDF5', '', starts('\x89HDF\r\n\x1a\n')),
  kind(
    'GRIB',
    '',
    both(starts('GRIB'), (bytes) => bytes[7] === 1),
  ),
  kind('BUFR', '', starts('BUFR', 'ZCZC')),
  kind('EPS', 'eps', starts('%!PS', '\xc5\xd0\xd3\xc6')),
  kind('PDF', '', starts('%PDF-')),
  kind('WMF', 'wmf', starts('\xd7\xcd\xc6\x9a', '\x01\0\x09\0')),
  kind('EMF', 'emf', both(starts('\x01\0\0\0'), at(40, [' EMF']))),
  kind('GIMP brush', 'gbr', (bytes) => at(20, ['GIMP'])(bytes) || starts('\0\0\0\x1c\0\0\0\x01')(bytes)),
  kind('Sun raster', 'ras', starts('\x59\xa6\x6a\x95')),
  kind('SGI', 'sgi', bytesOf([1], [0xda], [0, 1], [1, 2])),
  kind('PCX', 'pcx', bytesOf([10], [0, 2, 3, 5], [1], [1, 2, 4, 8])),
  kind('DCX', 'dcx', starts('\xb1\x68\xde\x3a')),
  kind('Pixar', 'pxr', starts('\x80\xe8\0\0')),
  kind('MSP', 'msp', starts('DanM', 'LinS')),
  kind('McIDAS', '', starts('\0\0\0\0\0\0\0\x04')),
  kind('Photo CD', 'pcd', at(2048, ['PCD_'])),
  kind('XV thumbnail', '', starts('P7 332')),
  kind('PAM', 'pam', matches(/^P7\s/)),
  kind('PFM', 'pfm', matches(/^P[fF]\s/)),
  kind('XBM', 'xbm', matches(/^\s*#define[ \t]+\S+_width[ \t]+\d/)),
  kind('XPM', 'xpm', matches(/^\s*\/\* XPM \*\//)),
  kind('IM', '', matches(/(^|\n)Image type: /)),
  kind('IMT', '', matches(/^(\*[^\n]*\n)*width \d+\r?\nheight \d+/)),
  kind('Video', '', ofBrand('isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'M4V ', 'qt  ', '3gp4')),
  kind('MPEG video', '', starts('\0\0\x01\xb3', '\0\0\x01\xba')),
  kind('FLI', 'fli flc', isFli),
  kind('IPTC', '', bytesOf([0x1c], [1, 2, 3, 4, 5, 6, 7, 8, 9, 240])),
  kind('SPIDER', 'spi', isSpider),
  kind('TGA', 'tga vda vst icb', isTga),
];

/** From a file name extension, in small letters and with its dot, to the kind of picture file that is not read. */
export const unreadEndings: ReadonlyMap<string, string> = new Map(
  kinds.flatMap(({ name, endings }) => endings.map((ending) => [ending, name] as const)),
);

/** @param kind such as "HEIC" or "This kind of TIFF (LZMA compression)". */
export const notReadWords = (kind: string): string => `${kind} is not read here; convert it to JPEG or PNG.`;

/** What a file is that no decoder reads, by its bytes. Undefined: nothing that is known, or of a kind that is read. */
export const kindOf = (bytes: Uint8Array): string | undefined =>
  kinds.find(({ recognises }) => recognises(bytes))?.name;
