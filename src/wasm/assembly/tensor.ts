/**
 * The loop of `image/to-tensor.ts`: one channel of RGB pixels as the numbers that its bytes stand for.
 * @param pixels the channel's byte of the first pixel.
 * @param table 256 float32, one for each byte.
 * @param target the first number; `step` bytes from one to the next.
 */
export function channel(pixels: usize, count: i32, table: usize, target: usize, step: i32): void {
  const end = pixels + <usize>count * 3;
  for (; pixels < end; pixels += 3, target += step) {
    store<f32>(target, load<f32>(table + ((<usize>load<u8>(pixels)) << 2)));
  }
}
