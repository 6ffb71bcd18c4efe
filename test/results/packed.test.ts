import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PhotoLine, parse, toText } from '../../src/results/line.js';
import { packedIn, packedText, unpackedLine } from '../../src/results/packed.js';
import { scan, scannedOf } from '../../src/results/scan.js';
import { lineOf } from '../helpers/reports.js';

// What looks like fields of a line, bytes that are no characters, and what replacements take for a group.
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('"files":["a"]', ',"packed":{"tar":"x","key":"y","at":1,"size":2}}', '$1 $& \\', '\udce9', '"}'),
);
const places = fc.record({
  tar: fc.constantFrom('pictures/00000.tar', 'pictures/123456.tar'),
  key: text.map((key) => `k${key}`),
  at: fc.nat({ max: 2 ** 40 }),
  size: fc.nat({ max: 2 ** 30 }),
});
const suffixes = fc.array(fc.constantFrom('.overlay.jpg', '.map.1.npy', '.crop.2.png'), { maxLength: 3 });

/** A line of two maps, whose files are called by their names in the tar. */
const lineWith = (label: string, key: string, [first, second, both]: readonly (readonly string[])[]): PhotoLine => {
  const line = lineOf({ photo: `${key}.jpg`, classes: [0, 1] }, [label, 'dog']);
  const files = [first, second].map((list) => list.map((suffix) => key + suffix));
  return {
    ...line,
    maps: line.maps.map((map, i) => ({ ...map, files: files[i] })),
    files: both.map((suffix) => key + suffix),
  };
};

describe('the line of a packed photo', () => {
  it('says in which tar all its files lie, whatever its labels and names are, and is read and searched alike', () => {
    fc.assert(
      fc.property(text, places, fc.tuple(suffixes, suffixes, suffixes), (label, place, files) => {
        const line = lineWith(label, place.key, files);
        const packed = packedText(toText(line), place);
        expect(parse(packed)).toMatchObject({ photo: line.photo, packed: place });
        const found = scan(packed);
        expect(found).toMatchObject({ packed: place, failure: undefined });
        expect(found?.files).toEqual(files.flat().map((suffix) => `${place.tar}/${place.key}${suffix}`));
        const read = parse(packed) as PhotoLine;
        expect(scannedOf(read)).toEqual(found);
        expect(toText(read)).toBe(packed);
      }),
    );
  });

  it('is moved to another tar and another key', () => {
    fc.assert(
      fc.property(text, places, places, fc.tuple(suffixes, suffixes, suffixes), (label, from, to, files) => {
        const line = parse(packedText(toText(lineWith(label, from.key, files)), from)) as PhotoLine;
        const moved = packedText(toText(unpackedLine(line, `${from.tar}/${from.key}`, to.key)), to);
        const expected = { ...lineWith(label, to.key, files), photo: line.photo };
        expect(moved).toBe(packedText(toText(expected), to));
      }),
    );
  });

  it('of a photo whose pictures are files of their own says of no tar', () => {
    expect(packedIn(toText(lineOf({ photo: ',"packed":{"tar":"x"}}' }, ['cat'])))).toBe(undefined);
    expect(scan(toText(lineOf({ photo: 'a.jpg' }, ['cat'])))?.packed).toBe(undefined);
  });
});
