import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../src/json-depth.js';
import { parseJson } from '../../src/results/json.js';

const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const inTurn = (depth: number): string => {
  const open = Array.from({ length: depth }, (_, i) => (i % 2 === 0 ? '[' : '{"a":'));
  const close = open.map((bracket) => (bracket === '[' ? ']' : '}')).reverse();
  return `${open.join('')}1${close.join('')}`;
};

describe.each([
  ['lists', lists],
  ['objects', objects],
  ['both in turn', inTurn],
])('JSON of a stranger: %s', (_, nested) => {
  it('is read where it is nested as deep as may be, and refused a level deeper', () => {
    expect(JSON.stringify(parseJson(nested(MAX_DEPTH)))).toBe(nested(MAX_DEPTH));
    expect(() => parseJson(nested(MAX_DEPTH + 1))).toThrow(`it is nested more than ${MAX_DEPTH} times`);
  });
});

it('is read whatever its length, where it is not deep', () => {
  const text = JSON.stringify({ map: Array.from({ length: 1000 }, () => [{ a: '[[{{' }]) });
  expect(JSON.stringify(parseJson(text))).toBe(text);
});
