const [MARK, IMAGE, SCAN] = [0xff, 0xd8, 0xda];

// By the marker of a frame. Those that are not here are read.
const frames: Readonly<Record<number, string>> = {
  195: 'lossless',
  197: 'hierarchical',
  198: 'hierarchical',
  199: 'hierarchical',
  201: 'arithmetic coding',
  202: 'arithmetic coding',
  203: 'arithmetic coding',
  205: 'hierarchical',
  206: 'hierarchical',
  207: 'hierarchical',
  247: 'JPEG-LS',
};

const isFrame = (marker: number): boolean => marker in frames || (marker >= 0xc0 && marker <= 0xc2);

/** What a JPEG is that cannot be read, though nothing of it need be damaged. Undefined: it is a usual one, or none. */
export const jpegKind = (bytes: Uint8Array): string | undefined => {
  if (bytes[0] !== MARK || bytes[1] !== IMAGE) return undefined;
  for (let at = 2; at + 4 < bytes.length && bytes[at] === MARK; ) {
    const marker = bytes[at + 1];
    if (marker === SCAN) return undefined;
    if (isFrame(marker)) {
      const bits = bytes[at + 4];
      const found = frames[marker] ?? (bits === 8 ? undefined : `${bits} bits a channel`);
      return found && `This kind of JPEG (${found})`;
    }
    at += marker === MARK ? 1 : 2 + bytes[at + 2] * 256 + bytes[at + 3];
  }
  return undefined;
};
