import type { ExplainedPhoto, JudgedEntry, PhotoEntry } from './data.js';

/** A true class of a photo, with what its map came to. */
export interface TruthCase {
  /** Index of the photo. */
  readonly photo: number;
  readonly entry: ExplainedPhoto;
  readonly judged: JudgedEntry;
  /** Place of the class's map among the photo's. -1: it has none. */
  readonly at: number;
}

export type CaseOrder = 'iou' | 'inside' | 'margin' | 'score' | 'name';

/** Which cases are shown, and in which order. Undefined: any. */
export interface CaseSelection {
  /** Part of the file's name, in any case. */
  readonly name: string;
  /** The true class. */
  readonly class: number | undefined;
  /** Whether the true class came first. */
  readonly right: boolean | undefined;
  /** Whether its map points at it, as the pointing game has it. */
  readonly hit: boolean | undefined;
  readonly order: CaseOrder;
  readonly descending: boolean;
}

export const anyCase = { name: '', class: undefined, right: undefined, hit: undefined } as const;

/** Whether no case is filtered out. */
export const isAnyCase = (selection: CaseSelection): boolean =>
  (Object.keys(anyCase) as (keyof typeof anyCase)[]).every((name) => selection[name] === anyCase[name]);

/** All that an evaluation says of true classes of photos, in the order of the photos. */
export const casesOf = (photos: readonly PhotoEntry[]): readonly TruthCase[] =>
  photos.flatMap((entry, photo) =>
    'error' in entry
      ? []
      : (entry.judged ?? []).map((judged) => {
          const at = entry.maps.findIndex((map) => map.class === judged.class);
          return { photo, entry, judged, at };
        }),
  );

const values: Readonly<Record<Exclude<CaseOrder, 'name'>, (one: TruthCase) => number | null | undefined>> = {
  iou: ({ judged }) => judged.map?.iou,
  inside: ({ judged }) => judged.map?.inside,
  margin: ({ entry }) => entry.margin,
  score: ({ entry, at }) => entry.maps[at]?.score,
};

const passes = ({ entry, judged }: TruthCase, { name, class: index, right, hit }: CaseSelection): boolean =>
  (index === undefined || judged.class === index) &&
  (right === undefined || judged.first === right) &&
  // The pointing game's own rule.
  (hit === undefined || judged.map?.near === hit) &&
  entry.photo.toLowerCase().includes(name.toLowerCase());

const byName = new Intl.Collator('en', { numeric: true });

/** The cases to show, in the order in which they are; those without the value sorted by come last. */
export const selectCases = (cases: readonly TruthCase[], selection: CaseSelection): readonly TruthCase[] => {
  const { order, descending } = selection;
  const direction = descending ? -1 : 1;
  const found = cases.filter((one) => passes(one, selection));
  if (order === 'name') return found.sort((a, b) => direction * byName.compare(a.entry.photo, b.entry.photo));
  const of = values[order];
  return found.sort((a, b) => {
    const [left, right] = [of(a) ?? undefined, of(b) ?? undefined];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return direction * (left - right) || a.photo - b.photo;
  });
};
