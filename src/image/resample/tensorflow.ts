import type { Rgb } from '../decode.js';
import type { Family, PixelRange, Resampler, Wanted } from './contract.js';
import { pillow } from './pillow.js';

/**
 * `tf.image.resize` by its default rule: linear between pixel centres, no antialiasing, in float32 and not rounded. Source
 * of the arithmetic: TensorFlow, `core/kernels/image/resize_bilinear_op.cc`.
 */

const float = Math.fround;

interface Between {
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly share: Float32Array;
}

const between = (from: number, to: number, range: PixelRange): Between => {
  const scale = float(from / to);
  const at = Float32Array.from({ length: range.length }, (_, i) => float(float((range.start + i + 0.5) * scale) - 0.5));
  return {
    before: Int32Array.from(at, (position) => Math.max(0, Math.floor(position))),
    after: Int32Array.from(at, (position) => Math.min(from - 1, Math.ceil(position))),
    share: at.map((position) => position - Math.floor(position)),
  };
};

const bilinear = ({ width, height, data }: Rgb, { to, columns, rows }: Wanted): Float32Array => {
  const across = between(width, to.width, columns);
  const down = between(height, to.height, rows);
  const exact = new Float32Array(columns.length * rows.length * 3);
  for (let y = 0, out = 0; y < rows.length; y++) {
    const above = down.before[y] * width;
    const below = down.after[y] * width;
    for (let x = 0; x < columns.length; x++) {
      const left = across.before[x];
      const right = across.after[x];
      for (let channel = 0; channel < 3; channel++) {
        const topLeft = data[(above + left) * 3 + channel];
        const bottomLeft = data[(below + left) * 3 + channel];
        const toTopRight = data[(above + right) * 3 + channel] - topLeft;
        const toBottomRight = data[(below + right) * 3 + channel] - bottomLeft;
        const top = float(topLeft + float(toTopRight * across.share[x]));
        const bottom = float(bottomLeft + float(toBottomRight * across.share[x]));
        exact[out++] = top + float(float(bottom - top) * down.share[y]);
      }
    }
  }
  return exact;
};

const resize: Resampler = (picture, wanted) => {
  const exact = bilinear(picture, wanted);
  const data = Uint8Array.from(exact, Math.round);
  return { width: wanted.columns.length, height: wanted.rows.length, data, exact };
};

export const tensorflow = {
  takesAnyPart: false,
  // Pillow's: TensorFlow's decoders have one for each file format, each within a level or so of it.
  brightness: pillow.brightness,
  rules: { 'tf-bilinear': resize },
} satisfies Family<string>;
