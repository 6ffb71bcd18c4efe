import type { Packed } from '../../results/packed.js';
import type { ScannedLine } from '../../results/scan.js';
import { BLOCK } from '../sources/archives/tar-header.js';
import { HEAD } from './tar-entry.js';

/** Folder of a packed run's tars and tables. */
export const PICTURES = 'pictures';

const numbered = (number: number): string => `${PICTURES}/${String(number).padStart(5, '0')}`;

/** A tar's path below the output folder. */
export const tarName = (number: number): string => `${numbered(number)}.tar`;

/** The path of the table beside a tar. */
export const tableName = (tar: string): string => tar.replace(/tar$/, 'parquet');

/** The number of a tar or table, from its path. Undefined: it is called like neither. */
export const numberOf = (name: string): number | undefined => {
  const [, digits] = /^pictures\/(\d{5,9})\.(?:tar|parquet)$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
};

/** Whether a path is that of a tar. */
export const isTarName = (name: string): boolean => numberOf(name) !== undefined && name.endsWith('.tar');

const isAt = (bytes: number, least: number): boolean =>
  Number.isSafeInteger(bytes) && bytes >= least && bytes % BLOCK === 0;

/** Where a line's pictures lie in a tar. Undefined: it does not tell, or tells what no run writes; a line may be anybody's. */
export const placeOf = ({ packed, files }: Pick<ScannedLine, 'packed' | 'files'>): Packed | undefined => {
  if (packed === undefined || !isTarName(packed.tar)) return undefined;
  const start = `${packed.tar}/${packed.key}.`;
  const isSound = isAt(packed.at, HEAD) && isAt(packed.size, BLOCK) && files.every((file) => file.startsWith(start));
  return isSound ? packed : undefined;
};
