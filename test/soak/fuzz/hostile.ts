import type { Random } from './random.js';

/** What a hostile file may hold where a program expects something harmless. */

const escapes = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e';

/** Texts: names that lead out of the case's folder, that end strings and lines, that are very long. */
const texts = (folder: string): readonly string[] => [
  '',
  ' ',
  '.',
  '..',
  '/',
  '../outside/keep.txt',
  '../../outside/keep.txt',
  `${folder}/outside/keep.txt`,
  `${folder}/outside`,
  '/dev/zero',
  '/dev/stdin',
  '/proc/self/mem',
  'C:\\keep.txt',
  '..\\outside\\keep.txt',
  'a\0b',
  'two\nlines\r\nof text',
  escapes,
  '</script><script>alert(1)</script>',
  '\ud800',
  '\ufeff',
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  '-1',
  '1e400',
  '0x10',
  '18446744073709551616',
  '%s%n%00',
  'x'.repeat(300),
  'y'.repeat(1_000_000),
  'model.onnx',
  'run.json',
  'manifest.jsonl',
  '.gapcam/run',
];

export const textIn = (random: Random, folder: string): string => random.pick(texts(folder));

const wholes: readonly bigint[] = [0n, 1n, -1n, 2n, 3n, 7n, 255n, 65_536n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n]
  .concat([2n ** 40n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 31n), -(2n ** 63n)])
  .concat([16n, 100n, 1000n, 100_000n, 10_000_000n]);

/** A whole number of 64 bits. */
export const wholeIn = (random: Random): bigint => random.pick(wholes);

/** A whole number of 32 bits. */
export const shortIn = (random: Random): number => Number(BigInt.asIntN(32, wholeIn(random)));

/** A number of any kind. */
export const numberIn = (random: Random): number =>
  random.chance(0.5)
    ? Number(wholeIn(random))
    : random.pick([0.5, -0, 1e-300, 1e300, 1e38, -1e38, Number.NaN, Number.POSITIVE_INFINITY]);

/** The bytes with some of them changed, cut off or said twice. */
export const spoiled = (bytes: Uint8Array, random: Random): Uint8Array => {
  if (bytes.length === 0 || random.chance(0.1)) return bytes.slice(0, random.below(bytes.length + 1));
  if (random.chance(0.1)) {
    const [from, to] = [random.below(bytes.length), random.below(bytes.length)];
    return Buffer.concat([bytes.subarray(0, Math.max(from, to)), bytes.subarray(Math.min(from, to))]);
  }
  const changed = bytes.slice();
  for (let left = 1 + random.below(4); left > 0; left--) {
    // The names and dims of a model stand at its ends, between long weights.
    const near = random.chance(0.5) ? random.below(Math.min(400, bytes.length)) : random.below(bytes.length);
    const at = random.chance(0.5) ? near : bytes.length - 1 - near;
    changed[at] = random.chance(0.5) ? changed[at] ^ (1 << random.below(8)) : random.pick([0, 1, 0x7f, 0x80, 0xff]);
  }
  return changed;
};
