import { PhotoError } from '../../src/errors.js';
import type { FileState } from '../../src/results/line.js';
import type { Source } from '../../src/run/sources/source.js';

const PREFIX = 'listed:';

/** Photos of a source that is no file: their bytes by their addresses. */
export const photosOfSource = new Map<string, Uint8Array>();

/** Like a bucket: its objects have tags, and no times that tell anything. */
const stateOf = (address: string): FileState | undefined => {
  const bytes = photosOfSource.get(address);
  return bytes && { size: bytes.length, modified: 0, etag: Buffer.from(bytes).toString('hex').slice(-16) };
};

/** A source whose photos are no files: an argument `listed:a.jpg,b.jpg` names them, and their bytes lie in a map. */
export const listed: Source = {
  accepts: (inputs) => inputs.every((input) => input.startsWith(PREFIX)),
  open: ({ inputs }) => ({
    folder: '/listed',
    list: async function* (signal) {
      for (const name of inputs.flatMap((input) => input.slice(PREFIX.length).split(','))) {
        if (signal.aborted) return;
        const address = `entry ${name}`;
        yield { photo: name, address, displayPath: name };
      }
    },
    addressOf: (photo) => `entry ${photo}`,
    repeatable: true,
    count: undefined,
  }),
  read: async (address) => {
    const bytes = photosOfSource.get(address);
    const state = stateOf(address);
    if (bytes === undefined || state === undefined) throw new PhotoError('missing', 'The photo is gone.');
    return { bytes, state };
  },
  stateOf: async (address) => stateOf(address),
};
