/** A member of a tar that a test makes. */
export interface TarMember {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** '0' a file, '2' a link... */
  readonly type?: string;
  /** That the header says, where it lies. */
  readonly size?: number;
}

const filled = (data: Uint8Array): Buffer => Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)]);

const memberOf = ({ name, data = '', type = '0', size }: TarMember): Buffer => {
  const content = Buffer.from(data);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${(size ?? content.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, filled(content)]);
};

/** Members without the mark of the end. */
export const members = (list: readonly TarMember[]): Buffer => Buffer.concat(list.map(memberOf));

/** A whole tar. */
export const tarOf = (list: readonly TarMember[]): Buffer => Buffer.concat([members(list), Buffer.alloc(1024)]);
