import { anymap } from './anymap.js';
import { bmp } from './bmp.js';
import type { Decoder } from './decoder.js';
import { libvips } from './libvips.js';

// The last is asked where no other recognises the bytes.
const decoders: readonly Decoder[] = [bmp, anymap, libvips];

/** The decoder of a file's bytes, one or more. */
export const decoderOf = (bytes: Uint8Array): Decoder =>
  decoders.find(({ recognises }) => recognises(bytes)) ?? libvips;
