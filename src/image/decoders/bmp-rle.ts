/** Indices of colours, width x height, in the order in which rows are stored. */
export interface Indices {
  readonly data: Uint8Array;
  /** Whether the file ended before its pixels did. */
  readonly cut: boolean;
}

/** Runs of equal pixels, and jumps, as Pillow reads them. @param bytes from the first pixel on. @param nibbles RLE4. */
export const runLengths = (bytes: Uint8Array, width: number, height: number, nibbles: boolean): Indices => {
  const data = new Uint8Array(width * height);
  let [from, to] = [0, 0];
  const put = (value: number): void => {
    if (to < data.length) data[to++] = value;
  };
  const indexAt = (byte: number, i: number): number => (nibbles ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte);
  /** Pixels that are stored one by one. They end at an even byte. */
  const literal = (count: number): void => {
    for (let i = 0; i < count; i++) put(indexAt(bytes[from + (nibbles ? i >> 1 : i)] ?? 0, i));
    const length = nibbles ? (count + 1) >> 1 : count;
    from += length + (length % 2);
  };
  while (to < data.length) {
    if (from + 1 >= bytes.length) return { data, cut: true };
    const [count, byte] = [bytes[from], bytes[from + 1]];
    from += 2;
    if (count > 0) {
      // A run ends with its row.
      const length = Math.min(count, width - (to % width));
      for (let i = 0; i < length; i++) put(indexAt(byte, i));
    } else if (byte === 0) to = Math.ceil(to / width) * width;
    else if (byte === 1) return { data, cut: false };
    else if (byte === 2) {
      to += (bytes[from] ?? 0) + (bytes[from + 1] ?? 0) * width;
      from += 2;
    } else literal(byte);
  }
  return { data, cut: from > bytes.length };
};
