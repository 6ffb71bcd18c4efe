import type { Axis } from './plane.js';
import type { Run } from './runs.js';

/** The part of the plane in which runs lie: rows and columns of pixels. */
export interface Bounds {
  readonly across: Pick<Axis, 'start' | 'end'>;
  readonly down: Pick<Axis, 'start' | 'end'>;
}

/** Sets of numbered things that are joined two by two, each named by one of its members. */
const joinedSets = (count: number) => {
  const parents = new Int32Array(count);
  for (let i = 0; i < count; i++) parents[i] = i;
  const find = (i: number): number => {
    let at = i;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  };
  return {
    find,
    join: (a: number, b: number) => {
      parents[find(b)] = find(a);
    },
  };
};

/**
 * Groups of runs that touch each other.
 * @param runs row by row, in a row from the left.
 * @param reach 1: pixels that meet at a corner touch too (8 neighbours). 0: they share an edge (4 neighbours).
 */
export const groupsOf = (runs: readonly Run[], reach: 0 | 1): readonly (readonly Run[])[] => {
  const { find, join } = joinedSets(runs.length);
  // First run of the row before that may touch the present one, or one to its right.
  let above = 0;
  runs.forEach((run, i) => {
    while (
      above < i &&
      (runs[above].row < run.row - 1 || (runs[above].row === run.row - 1 && runs[above].end + reach <= run.start))
    )
      above++;
    for (let j = above; j < i && runs[j].row === run.row - 1 && runs[j].start < run.end + reach; j++) join(j, i);
  });
  const groups = new Map<number, Run[]>();
  runs.forEach((run, i) => {
    const name = find(i);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [run]);
    else group.push(run);
  });
  return [...groups.values()];
};

/** The runs between others, up to the bounds. */
const gapsBetween = (runs: readonly Run[], { across, down }: Bounds): readonly Run[] => {
  const gaps: Run[] = [];
  let i = 0;
  for (let row = down.start; row < down.end; row++) {
    let from = across.start;
    for (; i < runs.length && runs[i].row === row; i++) {
      if (runs[i].start > from) gaps.push({ row, start: from, end: runs[i].start });
      from = runs[i].end;
    }
    if (from < across.end) gaps.push({ row, start: from, end: across.end });
  }
  return gaps;
};

const isAtBorder = ({ row, start, end }: Run, { across, down }: Bounds): boolean =>
  row === down.start || row === down.end - 1 || start === across.start || end === across.end;

const byPlace = (a: Run, b: Run): number => a.row - b.row || a.start - b.start;

/** Joins runs of a row that follow on each other. @param runs by place. */
const merged = (runs: readonly Run[]): readonly Run[] => {
  const whole: Run[] = [];
  for (const run of runs) {
    const last = whole.at(-1);
    if (last?.row === run.row && last.end === run.start) whole[whole.length - 1] = { ...last, end: run.end };
    else whole.push(run);
  }
  return whole;
};

/**
 * The connected parts of a set of pixels (8 neighbours). Holes belong to them, with all that lies in them.
 * @param runs row by row, in a row from the left, all within the bounds.
 * @returns each part's runs, in the same order.
 */
export const partsOf = (runs: readonly Run[], bounds: Bounds): readonly (readonly Run[])[] => {
  const holes = groupsOf(gapsBetween(runs, bounds), 0).filter((gap) => !gap.some((run) => isAtBorder(run, bounds)));
  return groupsOf(holes.length === 0 ? runs : merged([...runs, ...holes.flat()].sort(byPlace)), 1);
};
