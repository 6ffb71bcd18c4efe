/** Folders that are numbers, where nobody says what the classes are called. */

// As Python sorts texts: by code points, which for digits are their order.
const asText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The nearest folder that is a number. */
const numberIn = (folder: string): string | undefined =>
  folder
    .split('/')
    .reverse()
    .find((name) => /^\d+$/.test(name));

/**
 * The class of each folder that is a number: its place among all of them, sorted as text, so that 10 stands before 2, as
 * torchvision's ImageFolder gave it to the network in training. Where photos lie in some of the folders 0 to count - 1 only,
 * it is its place among all of these.
 * @param count of classes.
 * @returns no class for any where the folders are neither as many as the classes nor among those.
 */
export const numberedFolders = (
  folders: ReadonlySet<string>,
  count: number,
): ReadonlyMap<string, readonly [number]> => {
  const found = new Set([...folders].map(numberIn).filter((name) => name !== undefined));
  const all = Array.from({ length: count }, (_, index) => String(index));
  const fromZero = new Set(all);
  const areAmong = [...found].every((name) => fromZero.has(name));
  if (found.size !== count && !areAmong) return new Map();
  const names = found.size === count ? [...found] : all;
  return new Map(names.sort(asText).map((name, index) => [name, [index]]));
};
