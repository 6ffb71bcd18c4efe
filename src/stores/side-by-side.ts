/** Work of which some is done at once. The first failure is thrown by what is asked next. */
export const sideBySide = (most: number) => {
  const going = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const check = () => {
    if (failures.length > 0) throw failures[0];
  };
  return {
    /** Begins a piece of work as soon as there is room for it. */
    begin: async (work: () => Promise<void>): Promise<void> => {
      while (going.size >= most) await Promise.race(going);
      check();
      const one: Promise<void> = work()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => going.delete(one));
      going.add(one);
    },
    /** Waits for all that was begun, whether or not it fails. */
    settled: async (): Promise<void> => void (await Promise.all(going)),
    check,
  };
};
