/**
 * The two passes of `resample.ts` in AssemblyScript, compiled to WebAssembly: sums of 8-bit pixels times 32-bit fixed-point
 * coefficients, four or sixteen at a time. Everything lies in the module's memory, at addresses that the caller chooses.
 * Loads reach up to 16 bytes beyond a row, stores 16; the caller leaves room.
 */

// Fraction bits of the coefficients; half of one unit rounds to the nearest.
const BITS: i32 = 22;
const HALF: i32 = 1 << (BITS - 1);

/**
 * Each of `rows` rows of RGB pixels resampled to `width` pixels.
 * @param stride bytes from one row of the source to the next.
 * @param first for each output pixel the first source pixel, `count` the number of them, `coefficients` `taps` numbers.
 */
export function columns(
  source: usize,
  stride: i32,
  rows: i32,
  width: i32,
  first: usize,
  count: usize,
  coefficients: usize,
  taps: i32,
  target: usize,
): void {
  let out = target;
  for (let y = 0; y < rows; y++) {
    const row = source + <usize>y * stride;
    for (let x = 0; x < width; x++) {
      let sum = i32x4.splat(HALF);
      let pixel = row + <usize>load<i32>(first + ((<usize>x) << 2)) * 3;
      let at = coefficients + ((<usize>x * taps) << 2);
      const end = at + ((<usize>load<i32>(count + ((<usize>x) << 2))) << 2);
      for (; at < end; at += 4, pixel += 3) {
        const words = i16x8.extend_low_i8x16_u(v128.load32_zero(pixel));
        sum = i32x4.add(sum, i32x4.mul(i32x4.extend_low_i16x8_u(words), v128.load32_splat(at)));
      }
      const short = i16x8.narrow_i32x4_s(i32x4.shr_s(sum, BITS), sum);
      store<i32>(out, i32x4.extract_lane(i8x16.narrow_i16x8_u(short, short), 0));
      out += 3;
    }
  }
}

/**
 * Each of `length` columns of bytes resampled to `rows` rows.
 * @param stride bytes from one row of the source to the next; rows of the target are `length` apart.
 * @param first for each output row the first source row.
 */
export function rows(
  source: usize,
  stride: i32,
  length: i32,
  rows: i32,
  first: usize,
  count: usize,
  coefficients: usize,
  taps: i32,
  target: usize,
): void {
  for (let y = 0; y < rows; y++) {
    const top = source + <usize>load<i32>(first + ((<usize>y) << 2)) * stride;
    const near = coefficients + ((<usize>y * taps) << 2);
    const end = near + ((<usize>load<i32>(count + ((<usize>y) << 2))) << 2);
    const out = target + <usize>y * length;
    for (let x = 0; x < length; x += 16) {
      let a = i32x4.splat(HALF);
      let b = a;
      let c = a;
      let d = a;
      let from = top + x;
      for (let at = near; at < end; at += 4, from += stride) {
        const bytes = v128.load(from);
        const coefficient = v128.load32_splat(at);
        const low = i16x8.extend_low_i8x16_u(bytes);
        const high = i16x8.extend_high_i8x16_u(bytes);
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), coefficient));
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), coefficient));
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), coefficient));
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), coefficient));
      }
      const near4 = i16x8.narrow_i32x4_s(i32x4.shr_s(a, BITS), i32x4.shr_s(b, BITS));
      const far4 = i16x8.narrow_i32x4_s(i32x4.shr_s(c, BITS), i32x4.shr_s(d, BITS));
      v128.store(out + x, i8x16.narrow_i16x8_u(near4, far4));
    }
  }
}
