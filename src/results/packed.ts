import type { PhotoLine } from './line.js';

/** Where a photo's pictures lie in a tar, one after the other, with its line. */
export interface Packed {
  /** The tar's path below the output folder, with slashes. */
  readonly tar: string;
  /** What the names of its members begin with, before the first dot of their last part. */
  readonly key: string;
  /** Byte at which its first header begins. */
  readonly at: number;
  /** Bytes of its members, with their headers. */
  readonly size: number;
}

const string = '"(?:[^"\\\\]|\\\\.)*"';
const strings = new RegExp(string, 'g');
const lists = new RegExp(String.raw`"files":\[(?:${string},?)+\]`, 'g');
const START = ',"packed":{';
const end = new RegExp(String.raw`^,"packed":\{"tar":(${string}),"key":(${string}),"at":(\d+),"size":(\d+)\}\}$`);

/** Where a line that `toText` wrote says that the photo's pictures lie. It is the last that a line says. */
export const packedIn = (text: string): Packed | undefined => {
  const start = text.lastIndexOf(START);
  const [, tar, key, at, size] = (start >= 0 && end.exec(text.slice(start))) || [];
  if (tar === undefined) return undefined;
  return { tar: JSON.parse(tar), key: JSON.parse(key), at: Number(at), size: Number(size) };
};

const inTar = (list: string, tar: string): string => {
  const prefix = JSON.stringify(`${tar}/`).slice(1, -1);
  // Behind the field's name.
  const [field] = /^"files":/.exec(list) ?? [''];
  return field + list.slice(field.length).replace(strings, (file) => `"${prefix}${file.slice(1)}`);
};

/**
 * A line of a photo whose pictures were packed. In JSON a quote inside of a string is escaped, so no label is mistaken for a field.
 * @param text the line as `toText` wrote it, whose files are called by their names in the tar.
 */
export const packedText = (text: string, { tar, key, at, size }: Packed): string => {
  const placed = text.replace(lists, (list) => inTar(list, tar));
  return `${placed.slice(0, -1)},"packed":${JSON.stringify({ tar, key, at, size })}}`;
};

/**
 * A packed photo's line whose files are called by their names in the tar, as `packedText` takes it.
 * @param before what its files' names begin with.
 * @param key what they begin with then.
 */
export const unpackedLine = (line: PhotoLine, before: string, key: string): PhotoLine => {
  const renamed = (file: string) => key + file.slice(before.length);
  return {
    ...line,
    maps: line.maps.map((map) => ({ ...map, files: map.files.map(renamed) })),
    files: line.files.map(renamed),
    packed: undefined,
  };
};
