import { packedText } from '../../results/packed.js';
import type { Extender, Store } from '../../stores/store.js';
import { tarName } from './names.js';
import { inTurn, type PackedPhoto, type PackPlan, type Recording } from './recording.js';
import { writeTable } from './table.js';
import { END } from './tar-entry.js';

/** As readers of tars like them: many photos, and not so many bytes that one takes long to fetch. */
const LIMITS = { photos: 10_000, bytes: 2 ** 30 };

interface OpenTar {
  readonly name: string;
  readonly file: Extender;
  size: number;
  photos: number;
}

/** Packs into tars that grow, photo by photo: for stores whose files can be added to. */
export const growingTars = (plan: PackPlan, extend: NonNullable<Store['extend']>): Recording => {
  const { store, manifest, settings, mark, next, limits = LIMITS } = plan;
  let open: OpenTar | undefined;
  // Photos are added one after the other. Beside that, tables of tars that are ended are written.
  const [adding, ending] = [inTurn(), inTurn()];
  const begin = async (): Promise<OpenTar> => {
    const name = tarName(next());
    await store.create(name, mark);
    const file = await extend(name, mark.length);
    // Nobody else knows of it.
    if (file === undefined) throw new Error(`${name} has another name already`);
    return { name, file, size: mark.length, photos: 0 };
  };
  const end = ({ name, file }: OpenTar): void => {
    open = undefined;
    try {
      file.write(END);
    } finally {
      file.close();
    }
    ending.begin(() => writeTable(store, name, settings));
  };
  const add = async (text: string, { key, members }: PackedPhoto): Promise<string> => {
    open ??= await begin();
    const tar = open;
    tar.file.write(members);
    const line = packedText(text, { tar: tar.name, key, at: tar.size, size: members.length });
    await manifest.append(line);
    tar.size += members.length;
    tar.photos++;
    if (tar.photos >= limits.photos || tar.size >= limits.bytes) end(tar);
    return line;
  };
  return {
    append: async (text, packed) => {
      ending.check();
      let line = text;
      adding.begin(async () => {
        if (packed === undefined) await manifest.append(text);
        else line = await add(text, packed);
      });
      await adding.done();
      return line;
    },
    room: async () => ending.check(),
    close: async () => {
      try {
        await adding.done();
        if (open !== undefined) end(open);
        await ending.done();
      } finally {
        open?.file.close();
        await ending.done().catch(() => {});
        await manifest.close();
      }
    },
  };
};
