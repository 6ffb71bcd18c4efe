import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { membersAtOnce } from '../../src/run/sources/archives/tar-reading.js';

/** A member as it lies in a tar. */
export interface FoundMember {
  readonly name: string;
  readonly data: Buffer;
}

/** All members of a tar, which must be whole, read by the reader of photos. */
export const membersAt = (path: string): FoundMember[] => {
  const content = readFileSync(path);
  const read = (at: number, into: Buffer) => into.subarray(0, content.copy(into, 0, at));
  return [...membersAtOnce({ size: content.length, read, close: () => {} })].map((member) => {
    if ('damage' in member) throw new Error(`${path} ${member.damage}`);
    const { name, at, size } = member;
    return { name, data: content.subarray(at + 512, at + 512 + size) };
  });
};

/** As WebDataset splits a name. Undefined: it passes it over. */
export const keyAndSuffix = (name: string): readonly [string, string] | undefined => {
  // In Python a dot is no line feed.
  const [, key, suffix] = /^((?:[^\n]*\/|)[^.]+)[.]([^/]*)$/.exec(name) ?? [];
  return key === undefined ? undefined : [key, suffix.toLowerCase()];
};

export const filesOfPack = (output: string, ending: string): string[] => {
  const folder = join(output, 'pictures');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
};

/** A run's samples as WebDataset joins them: by key, the data by suffix. Throws where a key comes twice, as it would. */
export const samplesOf = (output: string): ReadonlyMap<string, ReadonlyMap<string, Buffer>> => {
  const samples = new Map<string, Map<string, Buffer>>();
  let last: string | undefined;
  for (const { name, data } of filesOfPack(output, '.tar').flatMap(membersAt)) {
    const [key, suffix] = keyAndSuffix(name) ?? [];
    if (key === undefined || suffix === undefined) throw new Error(`${name} is passed over`);
    if (key !== last && samples.has(key)) throw new Error(`${key} comes twice`);
    last = key;
    const sample = samples.get(key) ?? new Map<string, Buffer>();
    if (sample.has(suffix)) throw new Error(`${name} comes twice`);
    samples.set(key, sample.set(suffix, data));
  }
  return samples;
};

/** Keys with their pictures, without the lines, which tell times. */
export const picturesOf = (output: string): ReadonlyMap<string, string> =>
  new Map(
    [...samplesOf(output)]
      .map(([key, sample]) => {
        const pictures = [...sample].filter(([suffix]) => suffix !== 'json');
        return [key, pictures.map(([suffix, data]) => `${suffix} ${data.toString('base64')}`).join()] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Photos of all rows of a run's tables, one for each map. */
export const tabledPhotos = async (output: string): Promise<string[]> => {
  const tables = filesOfPack(output, '.parquet').map((path) =>
    parquetReadObjects({ file: Uint8Array.from(readFileSync(path)).buffer }),
  );
  return (await Promise.all(tables))
    .flat()
    .map(({ photo }) => String(photo))
    .sort();
};
