import { hash, randomBytes } from 'node:crypto';
import { pathOf } from './paths.js';

/** A set of names that takes 11 to 22 bytes for each, however long it is. A million photos must not fill the memory. */
export interface NameSet {
  /** @returns false where the name was in the set before. */
  readonly add: (name: string) => boolean;
  readonly has: (name: string) => boolean;
  readonly size: () => number;
}

/** Two numbers for each name, in 27 to 54 bytes. */
export interface NameTable {
  /** Notes the numbers under a name, in place of those before. @param tag a whole number below 2^32. */
  readonly set: (name: string, value: number, tag: number) => void;
  /** Notes a whole number as the name's value; where it has one, and no tag, one more than the number as its tag. */
  readonly add: (name: string, value: number) => void;
  readonly get: (name: string) => { readonly value: number; readonly tag: number } | undefined;
  readonly size: () => number;
}

// Differs in each process: who knows it can make names whose digests are equal, and one of the photos would be left out.
const key = randomBytes(16).toString('hex');
const keyBytes = Buffer.from(key);

/**
 * A 64-bit digest of a name, never 0. Among a million names the chance that any two share a digest is 3 in 100 million.
 */
const digestOf = (name: string): bigint => {
  const path = pathOf(name);
  const keyed = typeof path === 'string' ? key + path : Buffer.concat([keyBytes, path]);
  return hash('sha1', keyed, 'buffer').readBigUInt64LE() || 1n;
};

/** Index of the slot that holds the digest, or of the free slot where it belongs, by open addressing. */
const slotOf = (digests: BigUint64Array, digest: bigint): number => {
  const mask = digests.length - 1;
  let slot = Number(digest & 0xffffffffn) & mask;
  while (digests[slot] !== 0n && digests[slot] !== digest) slot = (slot + 1) & mask;
  return slot;
};

const FIRST_SLOTS = 1024;

/** A growing array of digests. @param grown called with the length of each larger array. Returns what is called for each slot that moves. */
const slots = (grown: (length: number) => (from: number, to: number) => void = () => () => {}) => {
  let digests = new BigUint64Array(FIRST_SLOTS);
  let count = 0;
  const grow = () => {
    const larger = new BigUint64Array(digests.length * 2);
    const move = grown(larger.length);
    digests.forEach((digest, from) => {
      if (digest === 0n) return;
      const to = slotOf(larger, digest);
      larger[to] = digest;
      move(from, to);
    });
    digests = larger;
  };
  return {
    /** The slot of a name that is there. */
    find: (name: string): number | undefined => {
      const digest = digestOf(name);
      const slot = slotOf(digests, digest);
      return digests[slot] === digest ? slot : undefined;
    },
    /** The slot of a name, and whether the name is new. */
    take: (name: string): { readonly slot: number; readonly isNew: boolean } => {
      // Fuller than three quarters, it would be searched for long.
      if (count * 4 >= digests.length * 3) grow();
      const digest = digestOf(name);
      const slot = slotOf(digests, digest);
      const isNew = digests[slot] !== digest;
      digests[slot] = digest;
      if (isNew) count++;
      return { slot, isNew };
    },
    size: () => count,
  };
};

export const nameSet = (): NameSet => {
  const { find, take, size } = slots();
  return { add: (name) => take(name).isNew, has: (name) => find(name) !== undefined, size };
};

export const nameTable = (): NameTable => {
  let [values, tags] = [new Float64Array(FIRST_SLOTS), new Uint32Array(FIRST_SLOTS)];
  const { find, take, size } = slots((length) => {
    const [oldValues, oldTags] = [values, tags];
    [values, tags] = [new Float64Array(length), new Uint32Array(length)];
    return (from, to) => {
      values[to] = oldValues[from];
      tags[to] = oldTags[from];
    };
  });
  return {
    set: (name, value, tag) => {
      const { slot } = take(name);
      values[slot] = value;
      tags[slot] = tag;
    },
    add: (name, value) => {
      const { slot, isNew } = take(name);
      if (isNew) values[slot] = value;
      else if (tags[slot] === 0) tags[slot] = value + 1;
    },
    get: (name) => {
      const slot = find(name);
      return slot === undefined ? undefined : { value: values[slot], tag: tags[slot] };
    },
    size,
  };
};
