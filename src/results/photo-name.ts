/**
 * What a photo's name in the results says of its place. No two places have the same name. The report's page uses this file
 * too, so it imports nothing of Node.
 */

/** Whether a name is the photo's address, such as s3://bucket/a.jpg. No path of a name has two slashes one after the other. */
export const isAddress = (name: string): boolean => /^[a-z][a-z0-9]*:\/\//.test(name);

/** Where a photo of this machine lies: below the run's folder of photos, or elsewhere on the disk. */
export interface PhotoPlace {
  /** Whether `path` is one from the root of the disk. Else it is one from the folder of photos. */
  readonly elsewhere: boolean;
  /** With slashes, and none at its start. */
  readonly path: string;
}

// A path below the folder whose first part is "@", "@@"... A part more is added, so that "@" alone always means elsewhere.
const ats = /^@+(?=\/|$)/;

/** The name of a place: the path; elsewhere, "@/" and the path. A path that itself begins with a folder "@" gets one "@" more. */
export const nameOfPlace = ({ elsewhere, path }: PhotoPlace): string => {
  if (elsewhere) return path === '' ? '@' : `@/${path}`;
  return ats.test(path) ? `@${path}` : path;
};

/** The place of a name that is no address; gives back what `nameOfPlace` was given. */
export const placeOfName = (name: string): PhotoPlace => {
  const [first] = ats.exec(name) ?? [];
  if (first === '@') return { elsewhere: true, path: name.slice(2) };
  return { elsewhere: false, path: first === undefined ? name : name.slice(1) };
};

/**
 * A photo's path, as other tools name photos: below the folder of photos, or from the root of the disk where it lies elsewhere; or
 * its address.
 */
export const pathOfPhoto = (name: string): string => {
  if (isAddress(name)) return name;
  const { elsewhere, path } = placeOfName(name);
  return elsewhere && !/^[A-Za-z]:\//.test(path) ? `/${path}` : path;
};
