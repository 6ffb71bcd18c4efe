/**
 * The loop of `render/overlay.ts`: an enlarged map's colours laid over RGB pixels, in place, four pixels at a time. Loads
 * reach up to 16 bytes beyond a row of the map and of pixels; up to 9 bytes beyond a row are written back unchanged.
 */

// Cells that share in a row of pixels.
const TAPS = 4;

/** The table's entry that changes nothing. */
const NOTHING = 256;

/** Red, green and blue of a pixel, as an entry of the table changes them. */
function painted(levels: v128, table: usize, entry: i32): v128 {
  const at = table + ((<usize>entry) << 5);
  return i32x4.shr_s(i32x4.add(i32x4.mul(levels, v128.load(at)), v128.load(at, 16)), 16);
}

/** Four pixels, of which the first `left` are changed, as the table's four entries say. Inlined, as it has one caller. */
function paint(pixel: usize, left: i32, entries: v128, table: usize): void {
  const zero = i32x4.splat(0);
  const first = i32x4.extract_lane(entries, 0);
  const second = left > 1 ? i32x4.extract_lane(entries, 1) : NOTHING;
  const third = left > 2 ? i32x4.extract_lane(entries, 2) : NOTHING;
  const fourth = left > 3 ? i32x4.extract_lane(entries, 3) : NOTHING;
  // Read before any is written: a load of bytes that were just stored one by one waits for them.
  const levels = v128.load(pixel);
  const one = i8x16.shuffle(levels, zero, 0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 16, 16, 16, 16);
  const two = i8x16.shuffle(levels, zero, 3, 16, 16, 16, 4, 16, 16, 16, 5, 16, 16, 16, 16, 16, 16, 16);
  const three = i8x16.shuffle(levels, zero, 6, 16, 16, 16, 7, 16, 16, 16, 8, 16, 16, 16, 16, 16, 16, 16);
  const four = i8x16.shuffle(levels, zero, 9, 16, 16, 16, 10, 16, 16, 16, 11, 16, 16, 16, 16, 16, 16, 16);
  const front = i16x8.narrow_i32x4_s(painted(one, table, first), painted(two, table, second));
  const back = i16x8.narrow_i32x4_s(painted(three, table, third), painted(four, table, fourth));
  const quads = i8x16.narrow_i16x8_u(front, back);
  const packed = i8x16.shuffle(quads, zero, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 16, 16, 16);
  v128.store64_lane(pixel, packed, 0);
  v128.store32_lane(pixel, packed, 2, 8);
}

/**
 * @param pixels the first one to be painted; `stride` bytes from one row to the next.
 * @param wide rows of cells enlarged to `width` float32 each: entries of the table, with fractions.
 * @param cells, shares for each row of pixels four rows of cells and their shares.
 * @param lowest, highest entries of the map.
 * @param table for each entry, and for `NOTHING`, eight int32, in units of 1 / 65,536: the shares that red, green
 * and blue keep and one that is not used, then what is added to each.
 */
export function overlay(
  pixels: usize,
  stride: i32,
  rows: i32,
  width: i32,
  wide: usize,
  cells: usize,
  shares: usize,
  lowest: f32,
  highest: f32,
  table: usize,
): void {
  const low = f32x4.splat(lowest);
  const high = f32x4.splat(highest);
  const half = f32x4.splat(0.5);
  const bytes = (<usize>width) << 2;
  for (let y = 0; y < rows; y++) {
    const tap = (<usize>(y * TAPS)) << 2;
    let a = wide + <usize>load<i32>(cells + tap) * bytes;
    let b = wide + <usize>load<i32>(cells + tap, 4) * bytes;
    let c = wide + <usize>load<i32>(cells + tap, 8) * bytes;
    let d = wide + <usize>load<i32>(cells + tap, 12) * bytes;
    const shareA = v128.load32_splat(shares + tap);
    const shareB = v128.load32_splat(shares + tap, 4);
    const shareC = v128.load32_splat(shares + tap, 8);
    const shareD = v128.load32_splat(shares + tap, 12);
    let pixel = pixels + <usize>y * stride;
    for (let left = width; left > 0; left -= 4) {
      const near = f32x4.add(f32x4.mul(v128.load(a), shareA), f32x4.mul(v128.load(b), shareB));
      const far = f32x4.add(f32x4.mul(v128.load(c), shareC), f32x4.mul(v128.load(d), shareD));
      // Cells and shares are finite: min and max, which look for NaN, take several instructions each.
      const value = f32x4.pmin(high, f32x4.pmax(low, f32x4.add(near, far)));
      const entries = i32x4.trunc_sat_f32x4_s(f32x4.add(value, half));
      paint(pixel, left, entries, table);
      pixel += 12;
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
  }
}
