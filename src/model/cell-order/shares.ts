/** Patches per round. A cell's share is relative to its reactions to all patches of a round. */
export const ROUND = 6;

/** The share for a cell that reacts to every patch of a round alike. */
export const CHANCE = 1 / ROUND;

/** [patch][cell]: length of the change of the cell's features when the patch changes. */
export type Changes = readonly Float64Array[];

/** [patch][cell]: the patch's part of the cell's reactions to several patches, from 0 to 1. */
export type Shares = readonly Float64Array[];

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Student's t of the mean against 0: mean over standard error. */
export const significance = (values: readonly number[]): number => {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  return middle / Math.sqrt(Math.max(variance, 1e-18) / values.length);
};

/** Shares among these patches. A cell that no patch reaches has equal shares. */
export const sharesAmong = (changes: Changes): Shares => {
  const sums = changes[0].map((_, cell) => changes.reduce((sum, changed) => sum + changed[cell], 0));
  return changes.map((changed) =>
    changed.map((change, cell) => (sums[cell] > 0 ? change / sums[cell] : 1 / changes.length)),
  );
};

/** Shares within each round of patches. */
export const sharesOf = (changes: Changes): Shares => {
  const shares: Float64Array[] = [];
  for (let start = 0; start < changes.length; start += ROUND) {
    for (const row of sharesAmong(changes.slice(start, start + ROUND))) shares.push(row);
  }
  return shares;
};

/** For each patch, its share at the cell of the same index. */
export const sharesAt = (shares: Shares, cells: readonly number[]): number[] =>
  shares.map((row, patch) => row[cells[patch]]);

/** The cell that reacts most to each patch, and least to the others. */
export const reactingCells = (shares: Shares, changes: Changes): number[] =>
  shares.map((row, patch) => {
    const answers = row.map((share, cell) => share * changes[patch][cell]);
    return answers.indexOf(answers.reduce((most, answer) => Math.max(most, answer)));
  });
