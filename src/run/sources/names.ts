import { join, parse, relative, sep } from 'node:path';
import { nameOfPlace, placeOfName } from '../../results/photo-name.js';

const slashes = (path: string): string => path.split(sep).join('/');

/** A photo's name in the results, from its file. Both paths are absolute. No two files have the same name. */
export const nameBelow = (folder: string, file: string): string => {
  const path = relative(folder, file);
  const inside = path !== '..' && !path.startsWith(`..${sep}`) && parse(path).root === '';
  return nameOfPlace({ elsewhere: !inside, path: slashes(inside ? path : file.slice(parse(file).root.length)) });
};

/** The absolute path of a photo's file, from its name. @param folder of the run's photos, absolute. */
export const fileOf = (folder: string, name: string): string => {
  const { elsewhere, path } = placeOfName(name);
  return join(elsewhere ? parse(folder).root : folder, path.replaceAll('/', sep));
};
