import { PhotoError } from '../errors.js';
import type { Decoded, DecodeRules } from './decoders/decoder.js';
import { decoderOf } from './decoders/index.js';

export type { Rgb } from './decoders/decoder.js';

/** `format`: what the file was, by the names of `photoFormats`. `damaged`: pixels are missing; only with `acceptDamaged`. */
export type Photo = Decoded;

/**
 * A photo's bytes to 8-bit RGB as the network's training saw it: first frame, upright, transparency by the given rule, colours
 * as Pillow converts them, which uses no profile.
 * @throws PhotoError `empty`, `not-a-photo`, `unsupported-format`, `too-large`, `undecodable`.
 */
export const decode = async (
  bytes: Uint8Array,
  rules: DecodeRules = { alpha: 'white', acceptDamaged: false },
): Promise<Photo> => {
  if (bytes.length === 0) throw new PhotoError('empty', 'The file is empty.');
  return decoderOf(bytes).decode(bytes, rules);
};
