import type { Explainer, Picture } from '../../explain.js';
import { isError, toText } from '../../results/line.js';
import { sampleJson } from '../pack/sample-json.js';
import { memberOf } from '../pack/tar-entry.js';
import { explained, type NamedPicture, type PhotoRequest } from './explain-into.js';

/** A photo's line, whose files are called by their names in the tar, and its members of the tar. */
export interface PackedResult {
  readonly line: string;
  /** Undefined: the photo failed. A sample without pictures would break what its readers take for granted of all samples. */
  readonly members?: Uint8Array | undefined;
}

/**
 * What a picture is called after its photo's key: its kind; where photos have several maps, its map's place among them, which is
 * the same in all photos as the classes are not.
 * @param classes in the order of the maps. Empty: each photo has one.
 */
const suffixOf = ({ kind, class: index, ending }: Picture, classes: readonly number[]): string => {
  const rank = index === undefined || classes.length === 0 ? '' : `.${classes.indexOf(index) + 1}`;
  return `.${kind}${rank}${ending}`;
};

/**
 * Explains one photo and packs its pictures, with its line, into members of a tar.
 * @param key what the members' names begin with.
 * @throws UsageError as `explainPhoto`.
 */
export const explainPacked = async (
  explainer: Explainer,
  request: PhotoRequest,
  key: string,
): Promise<PackedResult> => {
  let named: readonly NamedPicture[] = [];
  const line = await explained(explainer, request, (pictures, classes) => {
    // With a truth, photos have maps of their own number.
    const areRanked = classes.length > 1 || request.truth !== undefined;
    named = pictures.map((picture) => ({ picture, name: key + suffixOf(picture, areRanked ? classes : []) }));
    return named;
  });
  if (isError(line)) return { line: toText(line) };
  const seconds = Math.floor((line.explained ?? 0) / 1000);
  const members = [
    ...named.map(({ picture, name }) => memberOf(name, picture.bytes, seconds)),
    memberOf(`${key}.json`, sampleJson(line), seconds),
  ];
  return { line: toText(line), members: Buffer.concat(members) };
};
