import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_LINE, linesOf } from '../../../src/run/sources/lines.js';

const never = new AbortController().signal;

const linesIn = async (pieces: readonly Uint8Array[], signal = never): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of linesOf(Readable.from(pieces), signal)) lines.push(line.toString('latin1'));
  return lines;
};

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('lines of a stream', () => {
  it('are the same however the bytes come in pieces, whatever bytes they are', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '\0', '\r', ' ', '\xff'), maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(40), { maxLength: 5 }), async (lines, cuts) => {
        const text = bytes(lines.map((line) => `${line}\n`).join(''));
        const ends = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length].sort((a, b) => a - b);
        const pieces = ends.slice(1).map((end, i) => text.subarray(ends[i], end));
        // One carriage return before the line feed is part of the end, as on Windows; any other is part of the name.
        expect(await linesIn(pieces)).toEqual(lines.map((line) => line.replace(/\r$/, '')));
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\n\n', ['a', '']],
    ['\n', ['']],
    ['a\r\nb', ['a', 'b']],
  ])('of %j are %j', async (text, lines) => {
    expect(await linesIn([bytes(text)])).toEqual(lines);
  });

  it.each(['\n', '\r\n'])('are cut behind the first byte above the limit, though they end in %j', async (end) => {
    const longest = Buffer.alloc(LONGEST_LINE, 'a');
    const pieces = [longest, bytes(`${end}b${end}`), longest, bytes('a'), longest, bytes(`${end}c`)];
    const lengths = (await linesIn(pieces)).map((line) => line.length);
    expect(lengths).toEqual([LONGEST_LINE, 1, LONGEST_LINE + 1, 1]);
  });

  it('come as they are complete, though the stream goes on, and are read no faster than they are taken', async () => {
    let pieces = 0;
    const endless = new Readable({
      highWaterMark: 1,
      read() {
        pieces++;
        this.push(bytes('a\nb\nc'));
      },
    });
    const lines = linesOf(endless, never);
    const [first, second, third] = [await lines.next(), await lines.next(), await lines.next()];
    expect([first, second, third].map(({ value }) => value.toString())).toEqual(['a', 'b', 'ca']);
    expect(pieces).toBeLessThan(5);
    await lines.return(undefined);
  });

  it('end at once when the run ends, though none come', async () => {
    const ending = new AbortController();
    const silent = new Readable({ read() {} });
    const lines = linesOf(silent, ending.signal);
    const next = lines.next();
    ending.abort();
    expect(await next).toEqual({ value: undefined, done: true });
  });

  it('are refused in a sentence where the stream breaks', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('EIO: i/o error, read'));
      },
    });
    const lines = linesOf(broken, never);
    await expect(lines.next()).rejects.toMatchObject({
      code: 'usage',
      message: 'Standard input cannot be read (EIO: i/o error, read).',
    });
  });
});
