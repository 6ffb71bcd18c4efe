const [NEWLINE, LONGEST] = [10, 2 ** 20];

/**
 * Lines of a text, without their line feeds and but for empty ones. Holds one line and one piece in memory.
 * @param pieces of UTF-8; reading one may overwrite the one before.
 * @returns undefined in the place of a line of more than a megabyte.
 */
export async function* textLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  let rest: Buffer[] = [];
  let length = 0;
  const take = (last: Buffer): string | undefined => {
    const isTooLong = length + last.length > LONGEST;
    const text = isTooLong
      ? undefined
      : Buffer.concat([...rest, last])
          .toString()
          .trimEnd();
    [rest, length] = [[], 0];
    return text;
  };
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let begin = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
      const text = take(bytes.subarray(begin, end));
      if (text !== '') yield text;
      begin = end + 1;
    }
    length += bytes.length - begin;
    // Of a line that is too long only the length is kept.
    if (length > LONGEST) rest = [];
    else rest.push(Buffer.from(bytes.subarray(begin)));
  }
  const text = take(Buffer.alloc(0));
  if (text !== '') yield text;
}
