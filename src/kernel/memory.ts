import { readFileSync } from 'node:fs';

/**
 * The inner loops in WebAssembly, compiled from `assembly/`, and the memory that they work in. A photo goes through it
 * strip by strip, so that the memory, which never shrinks again, stays small however large the photo is.
 */

/** Addresses and numbers, in the order of a loop's parameters. */
type Loop = (...parameters: number[]) => void;

const { exports } = new WebAssembly.Instance(
  new WebAssembly.Module(readFileSync(new URL('../../dist/kernel/kernel.wasm', import.meta.url))),
);
const memory = exports.memory as WebAssembly.Memory;

export const loops = {
  columns: exports.columns as Loop,
  rows: exports.rows as Loop,
  overlay: exports.overlay as Loop,
};

const PAGE = 65_536;
// All loops read or write up to 16 bytes too far.
const MARGIN = 16;

/** Bytes of a photo in the memory at a time. */
export const STRIP = 2 ** 22;

const align = (address: number): number => (address + 15) & ~15;

/** Addresses of areas of these sizes in bytes, until they are asked for again. */
export const areas = (sizes: readonly number[]): readonly number[] => {
  let end = PAGE;
  const starts = sizes.map((size) => {
    const start = end;
    end = align(end + size + MARGIN);
    return start;
  });
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  return starts;
};

export const put = (address: number, data: Int32Array | Float32Array | Uint8Array): void =>
  new Uint8Array(memory.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address);

export const take = (address: number, length: number, into: Uint8Array, at: number): void =>
  into.set(new Uint8Array(memory.buffer, address, length), at);
