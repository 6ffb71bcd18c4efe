import type { Hash } from 'node:crypto';
import { openRegular } from '../regular-file.js';

// Bytes read at a time, and the longest line.
const [BLOCK, LONGEST] = [2 ** 20, 2 ** 16];

const LINE_FEED = 10;

/**
 * Goes through a text file line by line, in a block's memory.
 * @param digest takes all bytes.
 * @param visit gets each line without its end, and where it lies in the file, in bytes. Empty lines are left out.
 * @throws Error for a line that is too long; what `visit` throws; the system's error.
 */
export const eachLine = async (
  path: string,
  digest: Hash,
  visit: (line: string, start: number, length: number) => void,
): Promise<void> => {
  const handle = await openRegular(path);
  try {
    let [bytes, base, ended] = [Buffer.alloc(0), 0, false];
    while (!ended) {
      const block = Buffer.allocUnsafe(BLOCK);
      const { bytesRead } = await handle.read(block, 0, BLOCK, base + bytes.length);
      digest.update(block.subarray(0, bytesRead));
      ended = bytesRead === 0;
      bytes = Buffer.concat([bytes, block.subarray(0, bytesRead)]);
      let at = 0;
      const take = (end: number) => {
        const line = bytes.toString('utf8', at, end).replace(/^\ufeff|\r$/g, '');
        if (line.trim() !== '') visit(line, base + at, end - at);
        at = end + 1;
      };
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, at)) take(end);
      if (ended && at < bytes.length) take(bytes.length);
      if (bytes.length - at > LONGEST) throw new Error(`a line is longer than ${LONGEST / 2 ** 10} KiB`);
      base += Math.min(at, bytes.length);
      bytes = bytes.subarray(at);
    }
  } finally {
    await handle.close();
  }
};
