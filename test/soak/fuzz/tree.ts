import { lstatSync, readdirSync, readlinkSync } from 'node:fs';

/** What lies below a folder: for each path what it is, as text. Names that are not UTF-8 are read as Latin-1. */
export type Tree = ReadonlyMap<string, string>;

const bytesOf = (path: string): Buffer => Buffer.from(path, 'latin1');

const told = (path: string): string => {
  const { mode, size, mtimeNs, ino } = lstatSync(bytesOf(path), { bigint: true });
  const kind = Number(mode) & 0o170000;
  if (kind === 0o120000) return `link to ${readlinkSync(bytesOf(path), 'latin1')}`;
  // A folder's size and time change with what is put into it for a moment.
  return kind === 0o40000 ? 'folder' : `${mode.toString(8)}, ${size} bytes, of ${mtimeNs}, ${ino}`;
};

/** @param except names in the folder itself that are left out, with all below them. */
export const treeOf = (folder: string, except: readonly string[] = []): Tree => {
  const tree = new Map<string, string>();
  const enter = (below: string) => {
    for (const entry of readdirSync(bytesOf(`${folder}${below}`), { encoding: 'latin1', withFileTypes: true })) {
      const name = `${below}/${entry.name}`;
      if (except.includes(name.slice(1))) continue;
      tree.set(name, told(`${folder}${name}`));
      if (entry.isDirectory()) enter(name);
    }
  };
  enter('');
  return tree;
};

/** In words. */
export const changesOf = (before: Tree, after: Tree): readonly string[] => [
  ...[...before].flatMap(([name, was]) => {
    const is = after.get(name);
    return is === was ? [] : [`${name.slice(1)} ${is === undefined ? 'is gone' : `was ${was}, is ${is}`}`];
  }),
  ...[...after.keys()].filter((name) => !before.has(name)).map((name) => `${name.slice(1)} is new`),
];
