/** Marks by which a file's first bytes, one or more, are told. Words are of Latin-1, a letter a byte. */

export type Recognise = (bytes: Uint8Array) => boolean;

const text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(Math.max(0, from), Math.max(0, to))).toString('latin1');

/** Whether one of the words stands at the offset. */
export const at =
  (offset: number, words: readonly string[]): Recognise =>
  (bytes) =>
    words.some((word) => text(bytes, offset, offset + word.length) === word);

export const starts = (...words: readonly string[]): Recognise => at(0, words);

/** Whether the text of the first 256 bytes matches. */
export const matches =
  (pattern: RegExp): Recognise =>
  (bytes) =>
    pattern.test(text(bytes, 0, 256));

/** Whether each byte is one of those at its place. An empty list allows any. */
export const bytesOf =
  (...allowed: readonly (readonly number[])[]): Recognise =>
  (bytes) =>
    allowed.every((some, i) => some.length === 0 || some.includes(bytes[i]));

/** ISO media files of these brands. */
export const ofBrand =
  (...brands: readonly string[]): Recognise =>
  (bytes) =>
    text(bytes, 4, 8) === 'ftyp' && brands.includes(text(bytes, 8, 12));

const u16 = (bytes: Uint8Array, offset: number): number => bytes[offset] + 256 * bytes[offset + 1];

/** Pictures in HEVC. Files of the general brand `mif1` may hold others, and say so in the brands that they also satisfy. */
export const isHeic: Recognise = (bytes) => {
  if (text(bytes, 4, 8) !== 'ftyp') return false;
  const brands: readonly string[] = text(bytes, 8, Math.min(256, 256 * bytes[2] + bytes[3])).match(/.{4}/gs) ?? [];
  return brands.some((brand) => /^he(ic|ix|im|is|vc|vx)$/.test(brand)) && !brands.includes('avif');
};

/** TGA begins with no mark: its header must be one that makes sense, or its end the mark of later versions. */
export const isTga: Recognise = (bytes) => {
  const [, hasColors, type] = bytes;
  if (text(bytes, bytes.length - 18, bytes.length - 2) === 'TRUEVISION-XFILE') return true;
  const isSound = [1, 2, 3, 9, 10, 11].includes(type) && hasColors === (type % 8 === 1 ? 1 : 0);
  return isSound && u16(bytes, 12) > 0 && u16(bytes, 14) > 0 && [8, 15, 16, 24, 32].includes(bytes[16]);
};

/** SPIDER's header is of floats, of which one is the product of two others. */
export const isSpider: Recognise = (bytes) => {
  if (bytes.length < 27 * 4) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return [true, false].some((isLittle) => {
    const [form, records, header, record] = [4, 12, 21, 22].map((i) => view.getFloat32(i * 4, isLittle));
    return [1, 3, -11, -12, -21, -22].includes(form) && records > 0 && header === records * record;
  });
};

/** Animations of Autodesk: a kind at byte 4, and flags that are 0 or 3. */
export const isFli: Recognise = (bytes) => [0xaf11, 0xaf12].includes(u16(bytes, 4)) && [0, 3].includes(u16(bytes, 14));
