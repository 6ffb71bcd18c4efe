import { crc32 } from './crc.js';

/**
 * A ZIP archive whose files are stored as they are, such as NumPy's .npz. Source: PKWARE's APPNOTE.TXT 6.3.10, 4.3.7 local
 * file header, 4.3.12 central directory header, 4.3.16 end of central directory.
 */

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
// What a reader must know: 2.0, and files of the first of January 1980, since the same maps are to give the same bytes.
const [VERSION, DATE] = [20, 0x21];

/** A file in an archive. */
export interface Entry {
  /** Of ASCII. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What both headers of a file say: version, flags, method, time, date, CRC, both sizes, length of the name, no extra. */
const factsOf = ({ name, bytes }: Entry): Buffer => {
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(VERSION);
  facts.writeUInt16LE(DATE, 8);
  facts.writeUInt32LE(crc32(bytes), 10);
  facts.writeUInt32LE(bytes.length, 14);
  facts.writeUInt32LE(bytes.length, 18);
  facts.writeUInt16LE(name.length, 22);
  return facts;
};

const signed = (signature: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(signature);
  return bytes;
};

/** @throws RangeError where the archive would be larger than 4 GiB, which this form of ZIP cannot hold. */
export const zip = (entries: readonly Entry[]): Uint8Array => {
  const [files, directory]: [Uint8Array[], Uint8Array[]] = [[], []];
  let offset = 0;
  for (const entry of entries) {
    const [facts, name] = [factsOf(entry), Buffer.from(entry.name, 'latin1')];
    files.push(signed(LOCAL, 4), facts, name, entry.bytes);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(VERSION);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(signed(CENTRAL, 4), made, facts, place, name);
    offset += 4 + facts.length + name.length + entry.bytes.length;
  }
  const end = signed(END, 22);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
};
