import { describe, expect, it } from 'vitest';
import { textLines } from '../../src/report/text-lines.js';

/** Lines of a text that comes in pieces of so many bytes, each in the place of the one before. */
const linesOf = async (text: string, size: number): Promise<readonly (string | undefined)[]> => {
  const bytes = Buffer.from(text);
  const place = Buffer.alloc(size);
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += size) {
      const count = bytes.copy(place, 0, at, at + size);
      yield place.subarray(0, count);
    }
  };
  const lines: (string | undefined)[] = [];
  for await (const line of textLines(pieces())) lines.push(line);
  return lines;
};

describe('lines of a text', () => {
  it('are whole wherever the pieces end, with and without a last line feed', async () => {
    for (const size of [1, 2, 3, 5, 64]) {
      expect(await linesOf('ab\r\n\nc – d\n\nlast', size), `${size}`).toEqual(['ab', 'c – d', 'last']);
      expect(await linesOf('ab\n', size), `${size}`).toEqual(['ab']);
    }
    expect(await linesOf('', 8)).toEqual([]);
  });

  it('of more than a megabyte are none, and those behind them are there', async () => {
    const [long, most] = ['x'.repeat(2 ** 20 + 1), 'y'.repeat(2 ** 20)];
    expect(await linesOf(`a\n${long}\n${most}\nb`, 2 ** 16)).toEqual(['a', undefined, most, 'b']);
  });
});
