import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type ErrorLine,
  fromText,
  LINE_VERSION,
  NUMBERS_VERSION,
  type PhotoLine,
  parse,
  toText,
  versionOf,
} from '../../src/results/line.js';
import { scan } from '../../src/results/scan.js';
import { lineOf as sketched } from '../helpers/reports.js';

/** A photo's line, of one class. */
const lineOf = (photo: string, label = 'cat', files: readonly string[] = []): PhotoLine => {
  const line = sketched({ photo }, [label]);
  return { ...line, maps: line.maps.map((map) => ({ ...map, files })) };
};

/** As lines were written before they had a version. */
const unversioned = (text: string): string => text.replace(`"version":${LINE_VERSION},`, '');

/** What a search finds in a line of a photo that was explained. */
const foundIn = ({ photo, source, explained }: PhotoLine, files: readonly string[]) => ({
  photo,
  source,
  explained,
  failure: undefined,
  files,
});

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
// Half of a pair alone as well: a byte of a name that is no character.
const text = fc.string({
  unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constant('\udce9')),
});
const fileName = fc
  .oneof(text, fc.constantFrom('"],"files":["b.jpg', '","width":1,"x":"'))
  .map((name) => `a/${name.replaceAll('/', '')}.jpg`);

const reading = {
  score: number,
  parts: fc.option(fc.record({ increase: number }), { nil: undefined }),
  curve: fc.option(fc.array(number, { maxLength: 4 }), { nil: undefined }),
};

const measureResult = fc.record({
  measure: text,
  profile: text,
  ...reading,
  baselines: fc.record({ random: fc.record(reading), centre: fc.record(reading) }),
});

const mapRecord = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })).chain(([rows, columns]) =>
  fc.record({
    class: fc.nat(),
    label: text,
    logit: number,
    score: number,
    bias: number,
    mean: number,
    min: number,
    max: number,
    residual: number,
    kind: fc.constantFrom('exact' as const, 'frozen' as const),
    held: fc.constant([]),
    verdict: fc.constantFrom('ok' as const, 'flat' as const, 'no-evidence' as const),
    grid: fc.constant([rows, columns] as const),
    map: fc.array(number, { minLength: rows * columns, maxLength: rows * columns }),
    range: fc.oneof(fc.constant(null), fc.tuple(number, number)),
    measures: fc.option(fc.array(measureResult, { maxLength: 2 }), { nil: undefined }),
    files: fc.array(fileName, { maxLength: 3 }),
  }),
);

const whole = fc.maxSafeNat();
const source = fc.option(
  fc.record({ size: whole, modified: whole.map((time) => time - 1e12), etag: fc.option(text, { nil: undefined }) }),
  { nil: undefined },
);
const explained = fc.option(whole, { nil: undefined });

const photoLine: fc.Arbitrary<PhotoLine> = fc.record({
  photo: text,
  source,
  explained,
  width: fc.nat(),
  height: fc.nat(),
  seen: fc.tuple(number, number, number, number),
  field: fc.tuple(number, number, number, number),
  predictions: fc.array(fc.record({ class: fc.nat(), label: text, logit: number, score: number }), { minLength: 1 }),
  margin: number,
  maps: fc.array(mapRecord, { maxLength: 3 }),
  files: fc.array(fileName, { maxLength: 2 }),
  milliseconds: fc.nat(),
});

const errorLine: fc.Arbitrary<ErrorLine> = fc.record({
  photo: text,
  source,
  explained,
  error: fc.record({ code: text, message: text }),
});

/** The same record with its keys in the opposite order. */
const reversed = <T extends object>(record: T): T => Object.fromEntries(Object.entries(record).reverse()) as T;

describe('a line', () => {
  it('of a photo comes back whole from its text, by parsing and by scanning', () => {
    fc.assert(
      fc.property(photoLine, (line) => {
        const written = toText(line);
        expect(written).not.toContain('\n');
        expect(parse(written)).toEqual({ version: LINE_VERSION, ...line });
        expect(fromText(written)).toEqual({ version: LINE_VERSION, ...line });
        const files = [...line.maps.flatMap((map) => map.files), ...line.files];
        expect(scan(written)).toEqual(foundIn(line, files));
        expect(scan(unversioned(written))).toEqual(foundIn(line, files));
        expect(parse(unversioned(written))).toEqual(line);
      }),
    );
  });

  it('of a failure comes back whole from its text, by parsing and by scanning', () => {
    fc.assert(
      fc.property(errorLine, (line) => {
        const written = toText(line);
        expect(written).not.toContain('\n');
        expect(parse(written)).toEqual({ version: LINE_VERSION, ...line });
        for (const text of [written, unversioned(written)]) {
          expect(scan(text)).toEqual({ ...line, error: undefined, failure: line.error.code, files: [] });
        }
      }),
    );
  });

  it('is written with its keys in one order, whatever order the record has', () => {
    fc.assert(
      fc.property(photoLine, (line) => {
        const turned = {
          ...reversed(line),
          maps: line.maps.map(reversed),
          predictions: line.predictions.map(reversed),
        };
        expect(toText(turned)).toBe(toText(line));
      }),
    );
  });

  it('that is cut short anywhere is damaged', () => {
    for (const whole of [toText(lineOf('a.jpg')), toText({ photo: 'a.jpg', error: { code: 'x', message: 'y {z}' } })]) {
      for (let length = 0; length < whole.length; length++) {
        expect(parse(whole.slice(0, length))).toBeUndefined();
        if (scan(whole.slice(0, length)) !== undefined) expect(whole[length - 1]).toBe('}');
      }
    }
  });
});

describe('a line that is scanned', () => {
  it.each([
    ['plain', 'a/b.jpg', 'cat'],
    ['quotes', 'say "cheese".jpg', '"cat"'],
    ['backslashes', 'back\\slash\\', '\\'],
    ['what looks like the end of a name', '","width":1,"x":"', '"}],"files":["'],
    ['what looks like pictures', '"files":["x"].jpg', '"files":["../../etc/passwd"]'],
    ['ends of lines', 'two\nlines.jpg', 'a\r\nb'],
    ['separators that only JSON takes for letters', 'a\u2028b\u2029.jpg', '\u2028'],
    ['bytes that are no character', '\udce9.jpg', '\udcff'],
    ['control characters', '\u0000\u001b\u007f.jpg', '\u0085'],
  ])('gives its name and pictures back: %s', (_, photo, label) => {
    for (const files of [[], [`${photo}.3-x.jpg`], ['a.jpg', '"],"files":["b.jpg']]) {
      const line = lineOf(photo, label, files);
      expect(scan(toText(line))).toEqual(foundIn(line, files));
      const state = { size: 1, modified: 2, etag: label };
      expect(scan(toText({ ...line, source: state }))).toMatchObject({ photo, source: state, files });
    }
  });

  it.each([
    ['is torn', toText(lineOf('a.jpg', 'cat', ['a'])).slice(0, -1)],
    ['is torn within the name', '{"photo":"a.j'],
    ['is a torn failure', '{"photo":"a.jpg","error":{"code":"empty"}'],
    ['is empty', ''],
    ['is no record', '42'],
    ['has no width', '{"photo":"a.jpg","height":3}'],
    ['has a broken escape', '{"photo":"a\\x.jpg","width":3}'],
    ['is two lines, the first of them torn', `${toText(lineOf('a.jpg')).slice(0, -9)}${toText(lineOf('b.jpg'))}`],
    ['is two lines, both whole', toText(lineOf('a.jpg')) + toText(lineOf('b.jpg'))],
    ['is two lines of an early version', unversioned(toText(lineOf('a.jpg')) + toText(lineOf('b.jpg')))],
    ['is nested 20,000 times', `{"version":2,"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('is damaged where it %s', (_, line) => {
    expect(scan(line)).toBeUndefined();
  });

  it('is searched, not parsed: the numbers of its maps would take many times as long', () => {
    const line = toText(lineOf('a.jpg', 'cat', ['a.jpg.3-cat.jpg']));
    const parsing = vi.spyOn(JSON, 'parse');
    expect(scan(line)).toMatchObject({ photo: 'a.jpg', files: ['a.jpg.3-cat.jpg'] });
    const parsed = parsing.mock.calls.map(([text]) => text);
    parsing.mockRestore();
    expect(parsed.sort()).toEqual(['"a.jpg"', '["a.jpg.3-cat.jpg"]']);
  });

  it('is parsed where another program wrote it, with spaces or in another order', () => {
    const line = lineOf('a.jpg', 'cat', ['a.jpg.3-cat.jpg']);
    const spaced = JSON.stringify({ ...line, version: LINE_VERSION }, undefined, 1).replaceAll('\n', '');
    expect(scan(spaced)).toEqual(foundIn(line, ['a.jpg.3-cat.jpg']));
    expect(scan(JSON.stringify(reversed(line)))).toEqual(foundIn(line, ['a.jpg.3-cat.jpg']));
  });
});

const measured = {
  measure: 'drop',
  profile: 'torch-cam',
  score: 1,
  baselines: { random: { score: 1 }, centre: { score: 0 } },
};

describe('a line that is parsed', () => {
  it('may say what was measured of a map', () => {
    const line = { ...lineOf('a.jpg'), maps: lineOf('a.jpg').maps.map((one) => ({ ...one, measures: [measured] })) };
    expect(parse(JSON.stringify(line))).toEqual(line);
  });

  const [map] = lineOf('a.jpg').maps;
  it.each([
    ['a map without a number', { maps: [{ ...map, bias: null }] }],
    ['a cell too few', { maps: [{ ...map, map: map.map.slice(1) }] }],
    ['a cell that is no number', { maps: [{ ...map, map: map.map.map(String) }] }],
    ['no map where one must be', { maps: [null] }],
    ['a grid of one axis', { maps: [{ ...map, grid: [7] }] }],
    ['a kind that no version had', { maps: [{ ...map, kind: 'guessed' }] }],
    ['no prediction', { predictions: [] }],
    ['a region of three numbers', { seen: [1, 2, 3] }],
    ['a width in words', { width: '451' }],
    ['a name that is none', { photo: 7 }],
    ['a reason that is none', { error: 'empty' }],
    ['a file of no size', { source: { modified: 1 } }],
    ['a time in words', { explained: 'today' }],
    ['pictures that are numbers', { files: [7] }],
    ['what was held in numbers', { maps: [{ ...map, held: [7] }] }],
    ['a measure of nothing beside it', { maps: [{ ...map, measures: [{ measure: 'drop', profile: 'x', score: 1 }] }] }],
    ['a curve of words', { maps: [{ ...map, measures: [{ ...measured, curve: ['1'] }] }] }],
    ['a part that is a list', { maps: [{ ...map, measures: [{ ...measured, parts: { increase: [1] } }] }] }],
    ['a score of words', { maps: [{ ...map, measures: [{ ...measured, score: '1' }] }] }],
  ])('is damaged where it has %s', (_, part) => {
    expect(parse(JSON.stringify({ ...lineOf('a.jpg'), ...part }))).toBeUndefined();
  });

  it('is damaged where it has a number beyond the largest', () => {
    const written = toText(lineOf('a.jpg'));
    expect(parse(written.replace('"margin":0.5', '"margin":1e308'))).toBeDefined();
    expect(parse(written.replace('"margin":0.5', '"margin":1e400'))).toBeUndefined();
  });

  it('may have fields of its own, but not nested more than 100 times', () => {
    const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(parse(JSON.stringify({ ...lineOf('a.jpg'), own: nested(99) }))).toBeDefined();
    expect(parse(JSON.stringify({ ...lineOf('a.jpg'), own: nested(100) }))).toBeUndefined();
    expect(parse(JSON.stringify({ ...lineOf('a.jpg'), own: '['.repeat(1000) }))).toBeDefined();
  });

  it('of an earlier version that does not say what was held says that nothing was', () => {
    const { held: _, ...earlier } = map;
    expect(parse(JSON.stringify({ ...lineOf('a.jpg'), maps: [earlier] }))).toEqual(lineOf('a.jpg'));
  });
});

describe('the version of a line', () => {
  it('is known without its other fields', () => {
    expect(versionOf(toText(lineOf('a.jpg')))).toBe(LINE_VERSION);
    expect(versionOf('{"version":12,"anything":')).toBe(12);
    expect(versionOf('{ "version": 12, "anything":')).toBe(12);
  });

  it('is a later one where there are numbers instead of scores, which earlier readers do not know', () => {
    const line = lineOf('a.jpg', 'age');
    const numbered = <T extends object>(of: T) => ({ ...of, score: null, unit: 'years' });
    const predictions = line.predictions.map(numbered);
    const written = toText({ ...line, margin: null, predictions, maps: line.maps.map(numbered) });
    expect(versionOf(written)).toBe(NUMBERS_VERSION);
    expect(parse(written)).toMatchObject({ margin: null, predictions: [{ label: 'age', score: null, unit: 'years' }] });
    expect(scan(written)?.photo).toBe('a.jpg');
    expect(parse(written.replace('"score":null', '"score":"high"'))).toBeUndefined();
  });

  it('is 0 where it does not say, as before lines had one', () => {
    expect(versionOf(unversioned(toText(lineOf('a.jpg'))))).toBe(0);
    expect(versionOf('{"photo":"\\"version\\":7,","width":3}')).toBe(0);
    expect(versionOf('torn')).toBe(0);
  });
});
