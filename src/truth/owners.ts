import { fnv1a } from '../fnv.js';
import { nameTable } from '../stores/name-set.js';
import type { EntryMatch } from './format.js';
import { closeness } from './likeness.js';

/** Which photo each entry is of. No entry may be taken for two photos. */
export interface EntryOwners {
  /**
   * Notes that a photo may be the entry. Of several photos it is the one that is most alike, and none where several are equally so;
   * unless it was given to one of them before.
   */
  readonly claim: (photo: string, match: EntryMatch) => void;
  readonly isOwner: (photo: string, match: EntryMatch) => boolean;
  /** Notes that the entry was given to its photo. @returns false where it was before. */
  readonly isGivenFirst: (match: EntryMatch) => boolean;
  /** Number of entries that a photo has claimed, and of those that were given. */
  readonly found: () => number;
  readonly given: () => number;
}

// In an entry's number, beside how alike its photo is: that two photos are equally so, and that it was given.
const [TWO, GIVEN] = [4, 8];

export const entryOwners = (): EntryOwners => {
  const owners = nameTable();
  let given = 0;
  const ownerOf = ({ key }: EntryMatch) => owners.get(String(key));
  return {
    claim: (photo, match) => {
      const [owner, tag, mine] = [ownerOf(match), fnv1a(photo), closeness[match.likeness]];
      if (owner === undefined) owners.set(String(match.key), mine, tag);
      if (owner === undefined || owner.tag === tag || (owner.value & GIVEN) !== 0) return;
      const theirs = owner.value & (TWO - 1);
      if (mine > theirs) owners.set(String(match.key), mine, tag);
      else if (mine === theirs) owners.set(String(match.key), owner.value | TWO, owner.tag);
    },
    isOwner: (photo, match) => {
      const owner = ownerOf(match);
      return owner !== undefined && owner.tag === fnv1a(photo) && (owner.value & TWO) === 0;
    },
    isGivenFirst: (match) => {
      const owner = ownerOf(match);
      if (owner === undefined || (owner.value & GIVEN) !== 0) return false;
      owners.set(String(match.key), owner.value | GIVEN, owner.tag);
      given++;
      return true;
    },
    found: owners.size,
    given: () => given,
  };
};
