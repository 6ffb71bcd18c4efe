import type { ExplainedPhoto, PhotoEntry } from '../data.js';
import { explained, type PlacedMap } from './data.js';
import { everything, type Filter, type Order, type Shown, type State } from './state.js';

/** The map of a photo that is to be shown; undefined where the photo has none. */
export const shownMap = ({ maps, truth }: ExplainedPhoto, shown: Shown): PlacedMap | undefined => {
  const at =
    shown.by === 'rank'
      ? shown.rank
      : maps.findIndex(({ class: index }) =>
          shown.by === 'class' ? index === shown.class : truth?.includes(index) === true,
        );
  return maps[at] === undefined ? undefined : { map: maps[at], at };
};

/** Whether the best class is the one that the folder names; undefined where it names none. */
export const isRight = ({ truth, predictions }: ExplainedPhoto): boolean | undefined =>
  truth?.includes(predictions[0]?.class);

const passes = (entry: PhotoEntry, filter: Filter, shown: Shown): boolean => {
  if (!entry.photo.toLowerCase().includes(filter.name.toLowerCase())) return false;
  const photo = explained(entry);
  if (photo === undefined) return filter.verdict === 'failed' || isOpen(filter);
  if (filter.verdict !== undefined && !photo.maps.some(({ verdict }) => verdict === filter.verdict)) return false;
  if (filter.best !== undefined && photo.predictions[0]?.class !== filter.best) return false;
  if (filter.right !== undefined && isRight(photo) !== filter.right) return false;
  if (hasOpenEnds(filter)) return true;
  const answer = shownAnswer(photo, shown);
  return answer !== undefined && answer >= filter.lowest && answer <= filter.highest;
};

const hasOpenEnds = ({ lowest, highest }: Filter): boolean =>
  lowest === everything.lowest && highest === everything.highest;

/** The score of the class shown, or the number itself. */
const shownAnswer = (photo: ExplainedPhoto, shown: Shown): number | undefined => {
  const map = shownMap(photo, shown)?.map;
  return map && (map.score ?? map.logit);
};

/** Whether a filter asks for nothing that a photo without classes could not have. */
const isOpen = (filter: Filter): boolean =>
  filter.verdict === undefined && filter.best === undefined && filter.right === undefined && hasOpenEnds(filter);

const keys: Readonly<
  Record<Exclude<Order, 'run' | 'name'>, (photo: ExplainedPhoto, shown: Shown) => number | undefined>
> = {
  score: shownAnswer,
  margin: ({ margin }) => margin ?? undefined,
  evidence: (photo, shown) => shownMap(photo, shown)?.map.max,
  residual: (photo, shown) => shownMap(photo, shown)?.map.residual,
  concentration: (photo, shown) => shownMap(photo, shown)?.map.concentration,
};

const byName = new Intl.Collator('en', { numeric: true });

/** Indices of the photos to show, in the order in which they are; those without the value sorted by come last. */
export const select = (
  photos: readonly PhotoEntry[],
  { filter, order, descending, look }: Pick<State, 'filter' | 'order' | 'descending' | 'look'>,
): readonly number[] => {
  const found = [...photos.keys()].filter((index) => passes(photos[index], filter, look.shown));
  const direction = descending ? -1 : 1;
  if (order === 'run') return descending ? found.reverse() : found;
  if (order === 'name') return found.sort((a, b) => direction * byName.compare(photos[a].photo, photos[b].photo));
  const values = new Map(
    found.map((index) => {
      const photo = explained(photos[index]);
      return [index, photo && keys[order](photo, look.shown)];
    }),
  );
  return found.sort((a, b) => {
    const [left, right] = [values.get(a), values.get(b)];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return direction * (left - right) || a - b;
  });
};
