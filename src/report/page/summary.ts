import type { ExplainedPhoto, PhotoEntry } from '../data.js';
import { explained, type PlacedMap } from './data.js';
import { isRight } from './select.js';

/** A map of a photo, by its place in the report. */
export interface MapOfPhoto extends PlacedMap {
  readonly photo: number;
}

/** What the run says of one class. */
export interface ClassSummary {
  readonly class: number;
  /** Photos whose best class it is; of a number that is no score, those that have it. */
  readonly best: number;
  /** Mean score of those, [0, 1], or mean of the numbers; 0 where there are none. */
  readonly meanScore: number;
  /** Photos whose folder names it, and how many of them have it as their best class. */
  readonly inFolder: number;
  readonly right: number;
  /** The class that most of the others have instead, with their number. */
  readonly mistakenFor: readonly [number, number] | undefined;
  /** The strongest evidence first: by the map's largest value. */
  readonly maps: readonly MapOfPhoto[];
}

/** What the run says as a whole. */
export interface Summary {
  /** Of every class that has a map, is a photo's best, or has a folder. */
  readonly classes: readonly ClassSummary[];
  /** Number of maps by verdict. */
  readonly verdicts: ReadonlyMap<string, number>;
  /** Photos whose folder names a class, and how many of them have it as their best. */
  readonly judged: number;
  readonly right: number;
}

interface Counts {
  best: number;
  scores: number;
  inFolder: number;
  right: number;
  readonly mistakes: Map<number, number>;
  readonly maps: MapOfPhoto[];
}

const addOne = <T>(counts: Map<T, number>, key: T): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const countPhoto = (of: (index: number) => Counts, { predictions, truth, ...rest }: ExplainedPhoto): void => {
  const [first] = predictions;
  // Numbers have no best: each is there for itself.
  for (const { class: index, score, logit } of first.score === null ? predictions : [first]) {
    of(index).best++;
    of(index).scores += score ?? logit;
  }
  // A folder whose name two classes share counts for neither.
  if (truth?.length !== 1) return;
  const folder = of(truth[0]);
  folder.inFolder++;
  if (isRight({ predictions, truth, ...rest })) folder.right++;
  else addOne(folder.mistakes, first.class);
};

/** @param foldersAreClasses whether what folders name is believed. */
export const summarizeRun = (photos: readonly PhotoEntry[], foldersAreClasses: boolean): Summary => {
  const counts = new Map<number, Counts>();
  const verdicts = new Map<string, number>();
  let [judged, right] = [0, 0];
  const of = (index: number): Counts => {
    const found = counts.get(index) ?? { best: 0, scores: 0, inFolder: 0, right: 0, mistakes: new Map(), maps: [] };
    counts.set(index, found);
    return found;
  };
  photos.forEach((entry, index) => {
    const photo = explained(entry);
    if (photo === undefined) return;
    countPhoto(of, foldersAreClasses ? photo : { ...photo, truth: undefined });
    if (foldersAreClasses && photo.truth) {
      judged++;
      if (isRight(photo)) right++;
    }
    photo.maps.forEach((map, at) => {
      addOne(verdicts, map.verdict);
      of(map.class).maps.push({ photo: index, map, at });
    });
  });
  const classes = [...counts].map(([index, { scores, mistakes, maps, ...rest }]) => ({
    class: index,
    ...rest,
    meanScore: rest.best > 0 ? scores / rest.best : 0,
    mistakenFor: [...mistakes].sort((a, b) => b[1] - a[1])[0],
    maps: maps.sort((a, b) => b.map.max - a.map.max),
  }));
  return { classes, verdicts, judged, right };
};
