import { posix } from 'node:path';
import { quoted, UsageError } from '../errors.js';
import { nameOf } from '../maps/remarks.js';
import { isAddress, placeOfName } from '../results/photo-name.js';

/** Names of photos and classes as other tools' files have them: held exactly, or refused by name. */

/** @param why what the format cannot hold. @param wayOut what a person can do. */
export const unfit = (name: string, why: string, wayOut: string): UsageError =>
  new UsageError('unfit-name', `${quoted(name)} ${why}; ${wayOut}.`);

/** A photo's path below the folder of photos. @throws UsageError `unfit-name` where it lies elsewhere. */
export const pathBelow = (photo: string): string => {
  if (isAddress(photo)) {
    throw unfit(
      photo,
      'lies in no folder of this machine',
      'fetch the photos, run gapcam on their folder and convert that',
    );
  }
  const { elsewhere, path } = placeOfName(photo);
  const isBelow = !elsewhere && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (isBelow) return path;
  throw unfit(photo, "lies outside of the photos' folder", 'convert a run of photos of one folder');
};

// Most file systems allow 255 bytes for each part of a path.
const MOST_BYTES = 255;

const isFilePath = (path: string): boolean =>
  !path.includes('\0') && path.split('/').every((part) => Buffer.byteLength(part) <= MOST_BYTES);

/** @throws UsageError `unfit-name` where no disk takes a file of this path. */
const asFile = (photo: string, path: string): string => {
  if (isFilePath(path)) return path;
  const why = `cannot be the name of a file, with what is added to it: ${quoted(path.split('/').at(-1))}`;
  throw unfit(photo, why, 'rename the photo and run gapcam again');
};

/**
 * A file's path that is a photo's path and an ending.
 * @throws UsageError `unfit-name` where the photo lies elsewhere, or the disk takes no such name.
 */
export const withEnding = (photo: string, ending: string): string => asFile(photo, pathBelow(photo) + ending);

/** The path without its last ending: "a/b.c" of "a/b.c.jpg". */
export const stemOf = (path: string): string => {
  const { dir, name } = posix.parse(path);
  return posix.join(dir, name);
};

/**
 * Names for one file a photo, called like the photo but for its ending.
 * @returns the file's path without its ending, for a photo's name.
 * @throws UsageError `unfit-name` where two photos differ in their endings alone, or the disk takes no such name.
 */
export const stems = (ending: string): ((photo: string) => string) => {
  const taken = new Map<string, string>();
  return (photo) => {
    const stem = stemOf(pathBelow(photo));
    const other = taken.get(stem);
    if (other !== undefined) {
      const why = `and ${quoted(other)} would both have the file ${stem}${ending}`;
      throw unfit(photo, why, 'rename one of them and run gapcam again');
    }
    taken.set(stem, photo);
    if (!isFilePath(stem + ending)) {
      throw unfit(
        photo,
        `cannot be the name of a file that ends in ${ending}`,
        'rename the photo and run gapcam again',
      );
    }
    return stem;
  };
};

/** A name for a list of one name a line, whose readers cut off spaces at both ends. @throws UsageError `unfit-name`. */
export const asLine = (name: string): string => {
  if (!/[\p{Cc}\u2028\u2029]/u.test(name) && name.trim() === name) return name;
  throw unfit(name, 'does not fit into one line of a list', 'rename it and run gapcam again');
};

/** Half of a pair, as stands for a byte that is not UTF-8. */
const lone = /\p{Surrogate}/u;

/** A name for a file in UTF-8. @throws UsageError `unfit-name`. */
export const asText = (name: string): string => {
  if (!lone.test(name)) return name;
  throw unfit(name, 'is not UTF-8, as the file must be', 'rename it and run gapcam again');
};

// Characters that XML 1.0 has in no form, escaped neither.
const notInXml = /(?![\t\n\r\x7f-\x9f])[\p{Cc}\ufffe\uffff]/u;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A name as text or attribute of XML. @throws UsageError `unfit-name`. */
export const asXml = (name: string): string => {
  if (notInXml.test(name)) {
    throw unfit(name, 'has a control character, which no XML can hold', 'rename it and run gapcam again');
  }
  // Unescaped, line ends and tabs become spaces in an attribute.
  return asText(name)
    .replace(/[&<>"]/g, (character) => escapes[character])
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
};

const countsOf = (names: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

/**
 * A name for each class, no two the same: readers know classes by their names alone. The first of its label's names; the whole
 * label where others have the same first name; with the class's index where others have the same label.
 */
export const classNames = (labels: readonly string[]): readonly string[] => {
  const firsts = labels.map((label, index) => nameOf({ class: index, label }));
  const [sameFirst, sameLabel] = [countsOf(firsts), countsOf(labels)];
  const names = labels.map((label, index) => {
    if (sameFirst.get(firsts[index]) === 1) return firsts[index];
    return sameLabel.get(label) === 1 ? label : `${label} (class ${index})`;
  });
  const sameName = countsOf(names);
  return names.map((name, index) => (sameName.get(name) === 1 ? name : `${name} (class ${index})`));
};
