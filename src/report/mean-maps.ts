import type { PhotoLine } from '../results/line.js';
import { encodeCells } from './cells.js';
import type { MeanMap } from './data.js';

type MapLine = PhotoLine['maps'][number];

interface Sum extends Pick<MeanMap, 'grid'> {
  readonly cells: Float64Array;
  photos: number;
  others: number;
}

/** Averages each class's maps. Holds one number for each class and cell in memory. */
export interface MeanMaps {
  readonly add: (map: MapLine) => void;
  /** In the order of the classes. */
  readonly all: () => readonly MeanMap[];
}

/** Averages the maps on the grid of a class's first map. Grids differ where photos are fed whole. */
export const meanMaps = (): MeanMaps => {
  const sums = new Map<number, Sum>();
  return {
    add: ({ class: index, grid, map }) => {
      const sum = sums.get(index) ?? { grid, cells: new Float64Array(map.length), photos: 0, others: 0 };
      sums.set(index, sum);
      if (grid[0] !== sum.grid[0] || grid[1] !== sum.grid[1]) {
        sum.others++;
        return;
      }
      sum.photos++;
      for (let i = 0; i < map.length; i++) sum.cells[i] += map[i];
    },
    all: () =>
      [...sums.entries()]
        .sort(([a], [b]) => a - b)
        .map(([index, { cells, ...rest }]) => ({
          class: index,
          ...rest,
          map: encodeCells(cells.map((cell) => cell / rest.photos)),
        })),
  };
};
