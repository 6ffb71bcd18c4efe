const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
};

const isConstant = (values: ArrayLike<number>): boolean => {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
};

/** Pearson's correlation of two lists of equal length, [-1, 1]. Undefined where one of them is constant. */
export const correlationOf = (a: ArrayLike<number>, b: ArrayLike<number>): number | undefined => {
  if (isConstant(a) || isConstant(b)) return undefined;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [together, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] - meanA, b[i] - meanB];
    together += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return Math.min(1, Math.max(-1, together / Math.sqrt(ofA * ofB)));
};
