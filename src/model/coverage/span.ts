/** A tensor's cells along one axis of the picture, and the part of the network's input that they divide equally. */
export interface Span {
  /** Number of cells, without those that a Pad added and no layer has consumed yet. */
  readonly cells: number;
  /** Edges of the part that the cells cover together, in pixels of the network's input. */
  readonly start: number;
  readonly end: number;
  /** Pixels from one cell to the next, by the layers' strides. NaN where the layers leave it open. */
  readonly stride: number;
  /** Cells that a Pad added before the first and after the last. */
  readonly before: number;
  readonly after: number;
}

/** A layer's windows along one axis: `kernel` cells long (dilation included), `stride` cells apart. */
export interface Windows {
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  /** Number of windows: those that fit whole (`floor`), partial ones too (`ceil`), or one per stride (`same`). */
  readonly count: 'floor' | 'ceil' | 'same';
}

/** The network's input itself: one cell per pixel. */
export const pixels = (size: number): Span => ({ cells: size, start: 0, end: size, stride: 1, before: 0, after: 0 });

/** `count` new cells that divide the old ones from `from` to `to`, `step` old cells apart. Undefined where there are none. */
const regrouped = (span: Span, from: number, to: number, count: number, step: number): Span | undefined => {
  const first = Math.max(0, from);
  const last = Math.min(span.cells, to);
  if (!(count >= 1 && last > first)) return undefined;
  // Multiplies before it divides, so that whole-pixel edges stay whole.
  const edge = (cell: number) =>
    cell === span.cells ? span.end : span.start + (cell * (span.end - span.start)) / span.cells;
  return { cells: count, start: edge(first), end: edge(last), stride: span.stride * step, before: 0, after: 0 };
};

/** ONNX's output size. A last window that would begin in the end padding is left out, as in the runtime. */
const countOf = (length: number, { kernel, stride, before, after, count }: Windows): number => {
  if (count === 'same') return Math.ceil(length / stride);
  const room = (length + before + after - kernel) / stride;
  if (count === 'floor') return Math.floor(room) + 1;
  const begun = Math.ceil(room) + 1;
  return (begun - 1) * stride >= length + before ? begun - 1 : begun;
};

/**
 * The cells after a convolution or a pool. Cells beyond the last step are lost, except those that unpadded windows still
 * reach. A 7x7 window in steps of 1 covers all cells, padded or not. A window of 3 in steps of 2 covers 9 of 10 cells
 * unpadded, and 8 of 9 where it is padded at the end alone. Measured on EfficientNet-Lite0: at 250 pixels its 7 cells
 * respond at 32 pixels from each other.
 * @returns undefined where the picture is too small for the layer.
 */
export const windowed = (span: Span, windows: Windows): Span | undefined => {
  const { kernel, stride } = windows;
  const length = span.cells + span.before + span.after;
  const count = countOf(length, windows);
  if (windows.count === 'same') return regrouped(span, 0, count * stride, count, stride);
  const [before, after] = [windows.before + span.before, windows.after + span.after];
  const padding = Math.max(0, before) + Math.max(0, after);
  const from = Math.max(0, -before);
  return regrouped(span, from, from + count * stride + Math.max(0, kernel - stride - padding), count, stride);
};

/** Every `step`-th cell from `from` to before `to`. */
export const sliced = (span: Span, from: number, to: number, step: number): Span | undefined => {
  if (span.before + span.after !== 0 || step < 1) return undefined;
  const count = Math.ceil((to - from) / step);
  return regrouped(span, from, from + count * step, count, step);
};

/** Adds cells before and after. A negative number removes cells. */
export const padded = (span: Span, before: number, after: number): Span | undefined =>
  before < 0 || after < 0
    ? sliced(span, Math.max(0, -before), span.cells + Math.min(0, after), 1)
    : { ...span, before: span.before + before, after: span.after + after };

/** Another number of cells over the same part, as after a resize. */
export const resized = (span: Span, cells: number): Span | undefined => {
  const stride = (span.stride * span.cells) / cells;
  if (cells < 1 || span.before + span.after !== 0) return undefined;
  return { ...span, cells, stride: Number.isInteger(stride) ? stride : Number.NaN };
};

/** The span of an elementwise result: it covers what either operand covers. Undefined where their cells do not match. */
export const joined = (a: Span, b: Span): Span | undefined => {
  // A single cell is broadcast.
  if (a.cells !== b.cells) return b.cells === 1 ? a : a.cells === 1 ? b : undefined;
  if (a.before !== b.before || a.after !== b.after) return undefined;
  return {
    ...a,
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    stride: a.stride === b.stride ? a.stride : Number.NaN,
  };
};

/** All cells of the tensor. Those that a Pad added lie outside the picture. */
export const withPadding = (span: Span): Span => {
  const pitch = (span.end - span.start) / span.cells;
  return {
    cells: span.cells + span.before + span.after,
    start: span.start - span.before * pitch,
    end: span.end + span.after * pitch,
    stride: span.stride,
    before: 0,
    after: 0,
  };
};
