import { hash } from 'node:crypto';
import { pathOf } from '../stores/paths.js';

/** A set of names that takes 16 to 32 bytes for each, however long it is. A million photos must not fill the memory. */
export interface NameSet {
  /** @returns false where the name was in the set before. */
  readonly add: (name: string) => boolean;
  readonly has: (name: string) => boolean;
  readonly size: () => number;
}

/**
 * A set of 64-bit digests with open addressing. Among a million names the chance that any two share a digest is
 * 3 in 100 million.
 */
export const nameSet = (): NameSet => {
  let slots = new BigUint64Array(1024);
  let count = 0;
  const digestOf = (name: string): bigint => hash('sha1', pathOf(name), 'buffer').readBigUInt64LE() || 1n;
  /** Index of the slot that holds the digest, or of the free slot where it belongs. */
  const slotOf = (table: BigUint64Array, digest: bigint): number => {
    const mask = table.length - 1;
    let slot = Number(digest & 0xffffffffn) & mask;
    while (table[slot] !== 0n && table[slot] !== digest) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = () => {
    const larger = new BigUint64Array(slots.length * 2);
    for (const digest of slots) if (digest !== 0n) larger[slotOf(larger, digest)] = digest;
    slots = larger;
  };
  return {
    add: (name) => {
      if (count * 2 >= slots.length) grow();
      const digest = digestOf(name);
      const slot = slotOf(slots, digest);
      if (slots[slot] === digest) return false;
      slots[slot] = digest;
      count++;
      return true;
    },
    has: (name) => {
      const digest = digestOf(name);
      return slots[slotOf(slots, digest)] === digest;
    },
    size: () => count,
  };
};
