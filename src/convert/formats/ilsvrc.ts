import { posix } from 'node:path';
import { quoted, UsageError } from '../../errors.js';
import { pathOfPhoto } from '../../results/photo-name.js';
import type { Format, FoundPhoto } from '../format.js';
import { stemOf } from '../names.js';
import { frameOf, type Pixels } from '../orientation.js';
import { synsetNumbers } from '../synsets.js';
import { wholePixels } from '../whole-pixels.js';

/** Most guesses of a photo. */
const MOST = 5;

// What the evaluator itself fills short lines up with: a label and a box that no photo has.
const NOTHING = '0 0 0 0 0';

/** Names by which a list may call a photo: its path or file name, with or without its ending. */
const namesOf = (path: string): readonly string[] => [
  ...new Set([path, stemOf(path), posix.basename(path), posix.basename(stemOf(path))]),
];

/** Places in the list by name. @throws UsageError `ambiguous-photo` where a name stands twice. */
const placesOf = (ids: readonly string[]): ReadonlyMap<string, number> => {
  const places = new Map<string, number>();
  ids.forEach((id, at) => {
    const other = places.get(id.trim());
    if (other !== undefined) {
      const message = `The file of --ids has ${quoted(id.trim())} twice, in lines ${other + 1} and ${at + 1}; remove one.`;
      throw new UsageError('ambiguous-photo', message);
    }
    places.set(id.trim(), at);
  });
  return places;
};

/**
 * A photo's guesses: the best box of each of its first five classes. A class without a box counts with its label alone: its box
 * is one pixel, in a corner.
 */
const guessesOf = (
  { line, orientation, findings }: FoundPhoto,
  numberOf: (index: number) => number,
  pixels: Pixels,
): string => {
  const { size, boxOf } = frameOf(line, orientation, pixels);
  const guesses = findings.slice(0, MOST).map(({ map, parts: [best] }) => {
    if (best === undefined) return `${numberOf(map.class)} 0 0 0 0`;
    const { left, top, right, bottom } = wholePixels(boxOf(best.box), size);
    return `${numberOf(map.class)} ${left} ${top} ${right} ${bottom}`;
  });
  return guesses.length > 0 ? guesses.join(' ') : NOTHING;
};

/** Whole pixels from 0, the last one included, as in the challenge's own boxes. */
export const ilsvrc: Format = {
  readers: 'the evaluator of the ILSVRC localisation challenge',
  takes: ['ids', 'synsets', 'pixels'],
  needs: ['ids', 'synsets'],
  convert: async function* ({ settings, photos }, { ids = [], synsets = [], pixels = 'stored' }, note) {
    const places = placesOf(ids);
    const numberOf = synsetNumbers(synsets, settings.classes);
    const lines = ids.map(() => NOTHING);
    const taken = new Map<number, string>();
    let unlisted = 0;
    for await (const photo of photos()) {
      const { photo: name } = photo.line;
      const place = namesOf(pathOfPhoto(name))
        .map((id) => places.get(id))
        .find((at) => at !== undefined);
      if (place === undefined) unlisted++;
      else {
        const other = taken.get(place);
        if (other !== undefined) {
          const message = `${quoted(other)} and ${quoted(name)} would both be ${quoted(ids[place])} of --ids; give their whole paths there.`;
          throw new UsageError('ambiguous-photo', message);
        }
        taken.set(place, name);
        lines[place] = guessesOf(photo, numberOf, pixels);
      }
    }
    if (unlisted > 0)
      note(`${unlisted === 1 ? '1 photo is' : `${unlisted} photos are`} not in the file of --ids, and left out.`);
    const without = ids.length - taken.size;
    if (without > 0) {
      const who = without === 1 ? '1 name of --ids has no photo' : `${without} names of --ids have no photo`;
      note(`${who} in the run, and a line of zeros, which counts as wrong.`);
    }
    yield { name: 'predictions.txt', content: lines.map((line) => `${line}\n`).join('') };
  },
};
