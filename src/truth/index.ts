import { relative } from 'node:path';
import { quoted, UsageError } from '../errors.js';
import type { Classes } from '../model/labels/find-class.js';
import { wordnetIdsOf } from '../model/labels/imagenet.js';
import { isAddress } from '../results/photo-name.js';
import { readClassMap } from './class-map.js';
import { classNames } from './class-names.js';
import { coco } from './coco/coco.js';
import { folders } from './folders/folders.js';
import type { TruthFormat } from './format.js';
import { type OpenedTruth, opened } from './opened.js';
import { pictures } from './pictures/pictures.js';
import { endingsBelow, firstBelow, isFile, isFolder } from './probe.js';
import { voc } from './voc/voc.js';
import { wsol } from './wsol/wsol.js';

/** Formats by name, in the order of help. A new one is a file and its entry here. */
const formats = { coco, voc, wsol, pictures, folders } satisfies Record<string, TruthFormat>;

export interface TruthOptions {
  /** File that says which of the network's classes a truth's names mean. */
  readonly mapClasses?: string | undefined;
  /** Absolute path of the photos' common folder. Undefined: it is not known. Only folders that name classes are read there. */
  readonly folder?: string | undefined;
}

/** What a folder holds that a person may take for a truth. Completes a sentence. */
const lookalike = (folder: string): string => {
  const json = firstBelow(folder, '.json');
  if (json !== undefined) return `, but holds ${relative(folder, json)}: where that is the data set, name the file`;
  const endings = endingsBelow(folder);
  if (endings.size === 0) return ', as it is empty';
  if (endings.has('.txt')) return ", as YOLO's labels and other text files are not read";
  return endings.has('.jpg') || endings.has('.jpeg') ? ', as masks are PNG files' : '';
};

/** @throws UsageError `unreadable-file`, `unknown-truth`, `ambiguous-truth`. */
const formatOf = (place: string): TruthFormat => {
  const all = Object.values<TruthFormat>(formats);
  const found = all.filter((format) => format.accepts(place));
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const kinds = found.map(({ describe }) => describe).join(' or ');
    throw new UsageError('ambiguous-truth', `${place} may be ${kinds}; give --truth the folder of one of them.`);
  }
  if (isAddress(place)) {
    const message = `--truth is read from this machine, and ${place} is an address; fetch it first, and give --truth the file or folder.`;
    throw new UsageError('unreadable-file', message);
  }
  if (!isFile(place) && !isFolder(place)) {
    throw new UsageError(
      'unreadable-file',
      `${place || quoted(place)} is neither a file nor a folder; give --truth what is there.`,
    );
  }
  const kinds = all.map(({ describe }) => describe).join(', ');
  throw new UsageError(
    'unknown-truth',
    `${place} is no truth of a known format${lookalike(place)}; give --truth one of: ${kinds}.`,
  );
};

/**
 * Opens what people know of photos.
 * @param place a path, or a word.
 * @param classes of the network.
 * @throws UsageError, ModelError `unreadable-file`, `bad-truth`, `unknown-truth`, `ambiguous-truth`, `bad-class-map`,
 * `unknown-class`, `ambiguous-class`.
 */
export const openTruth = async (
  place: string,
  { labels, wordnetIds }: Classes,
  options: TruthOptions = {},
): Promise<OpenedTruth> => {
  const { mapClasses, folder } = options;
  const format = formatOf(place);
  // A run.json leaves ImageNet's ids out.
  const classes = { labels, wordnetIds: wordnetIds ?? wordnetIdsOf({ labels }) };
  const mapped = mapClasses === undefined ? undefined : readClassMap(mapClasses, classes);
  const source = await format.open({ place, classes, folder });
  return opened(place, source, classNames(classes, mapped?.indices), mapped?.identity);
};

export type { OpenedTruth };
