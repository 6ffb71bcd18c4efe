import { closest, distance } from 'fastest-levenshtein';

// Longer words are compared by their beginning: their writer may be hostile, and the time grows with the length.
const COMPARED = 100;

/**
 * The known word that was probably meant: one that ends in the given word, else the one with the fewest edits.
 * @param known at least one word.
 */
export const nearestOf = (given: string, known: readonly string[]): string => {
  const word = given.slice(0, COMPARED);
  const ending = word === '' ? undefined : known.find((other) => other.toLowerCase().endsWith(word.toLowerCase()));
  return ending ?? closest(word, known);
};

/** Whether about half of a word's letters stand where they do in another. */
export const isAlike = (given: string, other: string): boolean => {
  const [word, known] = [given, other].map((one) => one.slice(0, COMPARED).toLowerCase());
  return distance(word, known) * 2 <= word.length + 1;
};

// Letters for each edit of a slip: "lables" has one letter in the wrong place, which is two edits.
const LETTERS = 3;

/** Whether a word is one of the known ones, or a slip of one. */
export const isNearlyOneOf = (given: string, known: readonly string[]): boolean => {
  const word = given.slice(0, COMPARED);
  return known.some((other) => distance(word, other) * LETTERS <= word.length);
};
