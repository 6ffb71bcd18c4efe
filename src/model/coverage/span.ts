/** A tensor's cells along one axis of the picture, and the part of the network's input that they share equally. */
export interface Span {
  /** Number of cells, without those that a Pad has added and no layer has used up yet. */
  readonly cells: number;
  /** Edges of the part that all of them stand for, in pixels of the network's input. */
  readonly start: number;
  readonly end: number;
  /** Pixels from a cell to the next by the layers' own steps; NaN where the layers leave it open. */
  readonly stride: number;
  /** Cells that a Pad has added before the first and after the last. */
  readonly before: number;
  readonly after: number;
}

/** What a layer does along one axis: windows of `kernel` cells (dilation included), `stride` cells apart. */
export interface Windows {
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  /** How many there are: as the padding leaves room for, begun ones too, or as many as steps fit into the cells. */
  readonly count: 'floor' | 'ceil' | 'same';
}

/** The network's input itself: a cell a pixel. */
export const pixels = (size: number): Span => ({ cells: size, start: 0, end: size, stride: 1, before: 0, after: 0 });

/** `count` new cells, `step` old ones apart, that share the old ones from `from` to `to`; undefined where there are none. */
const regrouped = (span: Span, from: number, to: number, count: number, step: number): Span | undefined => {
  const first = Math.max(0, from);
  const last = Math.min(span.cells, to);
  if (!(count >= 1 && last > first)) return undefined;
  // Multiplied first: borders that are whole pixels come out whole.
  const edge = (cell: number) =>
    cell === span.cells ? span.end : span.start + (cell * (span.end - span.start)) / span.cells;
  return { cells: count, start: edge(first), end: edge(last), stride: span.stride * step, before: 0, after: 0 };
};

/** ONNX's output sizes; a last window that would begin in the padding is left out, as the runtime does. */
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

/** Every `step`-th cell from `from` on, to before `to`. */
export const sliced = (span: Span, from: number, to: number, step: number): Span | undefined => {
  if (span.before + span.after !== 0 || step < 1) return undefined;
  const count = Math.ceil((to - from) / step);
  return regrouped(span, from, from + count * step, count, step);
};

/** With more cells around it; fewer, where a number is negative. */
export const padded = (span: Span, before: number, after: number): Span | undefined =>
  before < 0 || after < 0
    ? sliced(span, Math.max(0, -before), span.cells + Math.min(0, after), 1)
    : { ...span, before: span.before + before, after: span.after + after };

/** Another number of cells over the same part, as a resize makes them. */
export const resized = (span: Span, cells: number): Span | undefined => {
  const stride = (span.stride * span.cells) / cells;
  if (cells < 1 || span.before + span.after !== 0) return undefined;
  return { ...span, cells, stride: Number.isInteger(stride) ? stride : Number.NaN };
};

/** One span for tensors that are joined cell by cell: what no one of them sees is not covered; undefined where they differ. */
export const joined = (a: Span, b: Span): Span | undefined => {
  // One cell is repeated for all others.
  if (a.cells !== b.cells) return b.cells === 1 ? a : a.cells === 1 ? b : undefined;
  if (a.before !== b.before || a.after !== b.after) return undefined;
  return {
    ...a,
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    stride: a.stride === b.stride ? a.stride : Number.NaN,
  };
};

/** All cells that the tensor has: what a Pad has added lies beyond the picture. */
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
