import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOf, textOf } from '../../src/stores/paths.js';

// The same names every time.
const runs = { numRuns: 100, seed: 1 };

const bytesOf = (path: string | Buffer): Buffer => Buffer.from(path);

describe('names of files as text', () => {
  it('give back every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(bytesOf(pathOf(textOf(Buffer.from(bytes)))).equals(bytes)).toBe(true);
      }),
      runs,
    );
  });

  it('give back every byte where characters and other bytes are mixed', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ min: 0x80, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const bytes = Buffer.concat(pieces);
        expect(bytesOf(pathOf(textOf(bytes))).equals(bytes)).toBe(true);
        expect(JSON.parse(JSON.stringify(textOf(bytes)))).toBe(textOf(bytes));
      }),
      runs,
    );
  });

  it('are the text itself where it is UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(textOf(Buffer.from(text))).toBe(text);
        expect(pathOf(text)).toBe(text);
      }),
      runs,
    );
  });

  // python3 -c "print(ascii(bytes.fromhex('<hex>').decode('utf-8', 'surrogateescape')))"
  it.each([
    ['636174', 'cat'],
    ['e92e6a7067', '\udce9.jpg'],
    ['ff', '\udcff'],
    ['80', '\udc80'],
    // A character cut off, and one after it.
    ['e88081e8', '老\udce8'],
    ['e880', '\udce8\udc80'],
    ['f09f9088ff', '🐈\udcff'],
    ['fff09f9088', '\udcff🐈'],
    // A slash in two bytes, a surrogate in three, a character beyond the last one: none of them is UTF-8.
    ['c0af', '\udcc0\udcaf'],
    ['eda080', '\udced\udca0\udc80'],
    ['edb3a9', '\udced\udcb3\udca9'],
    ['f4908080', '\udcf4\udc90\udc80\udc80'],
  ])("are what Python's are: %s", (hex, text) => {
    expect(textOf(Buffer.from(hex, 'hex'))).toBe(text);
    expect(bytesOf(pathOf(text)).toString('hex')).toBe(hex);
  });
});
