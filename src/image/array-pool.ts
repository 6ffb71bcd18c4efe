/** Arrays to be used again: a new one of a photo's size costs the garbage collector more than what is done in it. */
export interface Spare {
  /** @returns an array with any numbers in it. */
  readonly take: (length: number) => Float32Array;
  /** Whoever gives an array back reads it no more. */
  readonly give: (array: Float32Array) => void;
}

// As many as a process has photos under way; where each photo has a size of its own, no more are kept in vain.
const KEPT = 2;

export const spareArrays = (): Spare => {
  const arrays: Float32Array[] = [];
  return {
    take: (length) => {
      const place = arrays.findIndex((array) => array.length === length);
      return place < 0 ? new Float32Array(length) : arrays.splice(place, 1)[0];
    },
    give: (array) => {
      arrays.push(array);
      if (arrays.length > KEPT) arrays.shift();
    },
  };
};
