import type { Box } from '../../maps/box.js';

/** What lies where a GIF's first frame has no pixels of its own. */
export interface Ground {
  readonly color: readonly [number, number, number];
  /** Where the frame lies in the picture, in pixels. It may reach out of it. */
  readonly frame: Box;
  /** Whether it counts as transparent. */
  readonly transparent: boolean;
}

const BLACK: Ground['color'] = [0, 0, 0];

const tableLength = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

/**
 * The ground as Pillow fills it: the frame's transparent colour, else the first of its colours.
 * @param bytes of a GIF that could be decoded.
 */
export const gifGround = (bytes: Uint8Array): Ground => {
  let table = bytes.subarray(13, 13 + tableLength(bytes[10]));
  let transparent: number | undefined;
  let at = 13 + table.length;
  // Extensions come before the frame; each is blocks of a length and as many bytes, up to one of length 0.
  while (bytes[at] === 0x21) {
    if (bytes[at + 1] === 0xf9 && (bytes[at + 3] & 1) === 1) transparent = bytes[at + 6];
    at += 2;
    while (bytes[at] > 0) at += 1 + bytes[at];
    at++;
  }
  const own = bytes[at] === 0x2c ? tableLength(bytes[at + 9]) : 0;
  if (own > 0) table = bytes.subarray(at + 10, at + 10 + own);
  const [r, g, b] = table.subarray((transparent ?? 0) * 3);
  const u16 = (offset: number) => bytes[at + offset] + 256 * bytes[at + offset + 1];
  const frame = { x: u16(1), y: u16(3), width: u16(5), height: u16(7) };
  return { color: b === undefined ? BLACK : [r, g, b], frame, transparent: transparent !== undefined };
};
