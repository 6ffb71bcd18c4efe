import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { packageFile } from '../package-file.js';

/**
 * The inner loops in WebAssembly, compiled from `assembly/`, and the memory that they work in. A photo goes through it
 * strip by strip, so that the memory, which never shrinks again, is far smaller than a large photo.
 */

/** Addresses and numbers, in the order of a loop's parameters. */
type Loop = (...parameters: number[]) => void;

interface Loops {
  readonly memory: WebAssembly.Memory;
  readonly columns: Loop;
  readonly rows: Loop;
  readonly overlay: Loop;
  readonly channel: Loop;
}

/** @throws UsageError `no-address-space`: an engine reserves gigabytes of addresses, though it uses megabytes. */
const load = (): Loops => {
  const bytes = readFileSync(packageFile('dist/wasm/loops.wasm'));
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Loops;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = 'WebAssembly gets no memory here; lift the limit on address space (ulimit -v unlimited).';
    throw new UsageError('no-address-space', message, error);
  }
};

let loaded: Loops | undefined;

/** The loops. Loaded when they are first wanted. */
export const loops = (): Loops => {
  loaded ??= load();
  return loaded;
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
  const { memory } = loops();
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  return starts;
};

export const put = (address: number, data: Int32Array | Float32Array | Uint8Array): void =>
  new Uint8Array(loops().memory.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), address);

export const takeInto = (address: number, { buffer, byteOffset, byteLength }: Uint8Array | Float32Array): void =>
  new Uint8Array(buffer, byteOffset, byteLength).set(new Uint8Array(loops().memory.buffer, address, byteLength));

export const take = (address: number, length: number): Uint8Array =>
  new Uint8Array(loops().memory.buffer, address, length).slice();
