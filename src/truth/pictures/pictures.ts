import { relative, resolve } from 'node:path';
import type { EntryObject } from '../entry.js';
import { folderClasses } from '../folders/folders.js';
import type { FormatRequest, TruthFormat, TruthSource } from '../format.js';
import { fileOfPhoto } from '../photo-files.js';
import { endingsBelow, firstBelow, isFile, isFolder } from '../probe.js';
import { isWsol } from '../wsol/files.js';

/** The class of a mask whose photo lies in no folder that is called like a class. `--map-classes` may say what it is. */
const NAMELESS = 'object';

const IGNORED = /\.png$/i;

/** A folder of pictures, one a photo, called like the photo: what is not black is the object. */
export const pictures: TruthFormat = {
  describe: 'a folder of masks (PNG)',
  accepts: (place) => {
    if (!isFolder(place) || isWsol(place)) return false;
    return endingsBelow(place).has('.png');
  },
  open: async (request: FormatRequest): Promise<TruthSource> => {
    const { place } = request;
    const classOf = folderClasses(request);
    const fileOf = (path: string) => fileOfPhoto([place], path, '.png', true);
    return {
      matchOf: (path) => {
        const found = fileOf(path);
        return found && { key: found.path, likeness: found.likeness };
      },
      entryOf: async (path) => {
        const file = fileOf(path)?.path;
        if (file === undefined) return undefined;
        const named = classOf(path) ?? { name: NAMELESS };
        const objects: readonly EntryObject[] = [{ ...named, mask: { kind: 'picture', file } }];
        const ignored = file.replace(IGNORED, '_ignore.png');
        return { where: file, objects, ...(isFile(ignored) && { ignored: [{ kind: 'picture', file: ignored }] }) };
      },
      count: undefined,
      example: () => {
        const first = firstBelow(place, '.png');
        return first === undefined ? undefined : relative(place, first);
      },
      identity: resolve(place),
      nameless: NAMELESS,
      notes: () => [],
    };
  },
};
