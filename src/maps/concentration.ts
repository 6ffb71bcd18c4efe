// A tenth of the cells: 5 of the 49 that a 7 x 7 map has.
const TENTH = 0.1;

/**
 * The share of a map's evidence that its strongest tenth of cells holds. The last of these cells counts in part, so
 * that grids of any size compare.
 * @param map in logits.
 * @returns 0.1 for evidence spread evenly over the map, 1 for evidence in one cell, 0 without evidence.
 */
export const concentrationOf = (map: readonly number[]): number => {
  const evidence = map.filter((value) => value > 0).sort((a, b) => b - a);
  const all = evidence.reduce((sum, value) => sum + value, 0);
  if (all === 0) return 0;
  const cells = Math.max(1, map.length * TENTH);
  const whole = Math.floor(cells);
  const held = evidence.slice(0, whole).reduce((sum, value) => sum + value, 0);
  return (held + (evidence[whole] ?? 0) * (cells - whole)) / all;
};
