/** A pool of arrays. Allocating one of a photo's size costs more in garbage collection than filling it. */
export interface ArrayPool {
  /** @returns an array whose contents are arbitrary. */
  readonly take: (length: number) => Float32Array;
  /** Puts an array back. The caller must not use it afterwards. */
  readonly give: (array: Float32Array) => void;
}

// A process has two photos under way. More would be wasted where photos differ in size.
const KEPT = 2;

export const arrayPool = (): ArrayPool => {
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
