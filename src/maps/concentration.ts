// A tenth of the cells: 5 of the 49 that a 7 x 7 map has.
const TENTH = 0.1;

/**
 * How much of a map's evidence lies in few cells: the share of all its positive values that the strongest tenth of the
 * cells holds, the last of them counted in part, so that grids of any size compare. Evidence spread evenly over the whole
 * map has 0.1, evidence in one cell 1; a map without evidence 0.
 * @param map in logits.
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
