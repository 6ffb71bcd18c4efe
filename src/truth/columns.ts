/** Columns of numbers that grow: a million rows take their bytes, and no object each. */

type Numbers = Float64Array | Uint32Array | Uint8Array;

/** A column of numbers. */
export interface Column<T extends Numbers> {
  readonly add: (value: number) => void;
  readonly length: () => number;
  /** The numbers so far. Valid until the next `add`. */
  readonly values: () => T;
  /** The numbers, for which no more memory is held than they need. */
  readonly trimmed: () => T;
  /** Forgets the numbers. */
  readonly clear: () => void;
}

const FIRST = 1024;

export const column = <T extends Numbers>(make: (length: number) => T): Column<T> => {
  let [values, length] = [make(FIRST), 0];
  return {
    add: (value) => {
      if (length === values.length) {
        const larger = make(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    length: () => length,
    values: () => values.subarray(0, length) as T,
    trimmed: () => {
      values = values.slice(0, length) as T;
      return values;
    },
    clear: () => {
      [values, length] = [make(FIRST), 0];
    },
  };
};

export const realNumbers = () => column((length) => new Float64Array(length));
export const wholeNumbers = () => column((length) => new Uint32Array(length));

/** Rows by a number of theirs. */
export interface NumberIndex {
  /** The row with the number. Undefined: none has it. */
  readonly rowOf: (value: number) => number | undefined;
  /** A number that two rows have. Undefined: none. */
  readonly twice: number | undefined;
}

/** An index of a column of numbers, which are most often in order as they are. */
export const numberIndex = (values: Float64Array): NumberIndex => {
  const rows = Uint32Array.from(values.keys());
  if (!values.every((value, i) => i === 0 || values[i - 1] < value)) rows.sort((a, b) => values[a] - values[b]);
  let twice: number | undefined;
  for (let i = 1; i < rows.length && twice === undefined; i++) {
    if (values[rows[i]] === values[rows[i - 1]]) twice = values[rows[i]];
  }
  const rowOf = (value: number): number | undefined => {
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[rows[middle]] < value) low = middle + 1;
      else high = middle;
    }
    return low < rows.length && values[rows[low]] === value ? rows[low] : undefined;
  };
  return { rowOf, twice };
};

/** Rows in groups, of few bytes each. */
export interface Groups {
  readonly rowsOf: (group: number) => Uint32Array;
}

/** @param groupOf each row's group, below `count`. Rows of a group stay in order. */
export const groupsOf = (groupOf: Uint32Array, count: number): Groups => {
  const starts = new Uint32Array(count + 1);
  for (const group of groupOf) starts[group + 1]++;
  for (let i = 0; i < count; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const rows = new Uint32Array(groupOf.length);
  groupOf.forEach((group, row) => {
    rows[next[group]++] = row;
  });
  return { rowsOf: (group) => rows.subarray(starts[group], starts[group + 1]) };
};
