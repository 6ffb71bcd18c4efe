import type { FileState } from '../results/line.js';
import { type EarlierPhotos, isAskedFor } from './resume.js';
import type { Discovery, Source } from './sources/source.js';

/** Asking far photos whether they have changed, many at a time: one after the other, a million would take a night. */

// Photos whose states are asked for at once.
const ASKED = 32;

/**
 * Gives items in their order, so many of which are pulled before they are wanted.
 * @param pulled is called with each as it comes.
 */
export async function* pulledAhead<T>(
  items: AsyncIterable<T>,
  most: number,
  pulled: (item: T) => void,
): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const coming: Promise<IteratorResult<T>>[] = [];
  const pull = async (): Promise<IteratorResult<T>> => {
    const next = await iterator.next();
    if (next.done !== true) pulled(next.value);
    return next;
  };
  try {
    for (;;) {
      while (coming.length < most) {
        const next = pull();
        // Nobody waits for it where the items end before.
        next.catch(() => {});
        coming.push(next);
      }
      const next = await coming.shift();
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    // What is pulled may never come: it is not waited for.
    iterator.return?.().catch(() => {});
  }
}

/** Photos of a run that goes on, and their states. */
interface WithStates {
  readonly list: AsyncIterable<Discovery> | Iterable<Discovery>;
  /** @see Source.stateOf */
  readonly stateOf: (found: Discovery) => ReturnType<Source['stateOf']>;
}

/**
 * Asks for the states of far photos before their turn, where they decide whether a photo is done again.
 * @param mayBeFar whether some of the photos are.
 */
export const withStates = (
  list: AsyncIterable<Discovery> | Iterable<Discovery>,
  earlier: EarlierPhotos,
  { isFar, stateOf }: Pick<Source, 'isFar' | 'stateOf'>,
  mayBeFar: boolean,
): WithStates => {
  if (!mayBeFar || earlier.table.size() === 0 || !(Symbol.asyncIterator in list)) {
    return { list, stateOf: ({ address }) => stateOf(address) };
  }
  const asked = new WeakMap<Discovery, Promise<FileState | undefined>>();
  const ask = (found: Discovery): void => {
    if (!isAskedFor(earlier, found) || isFar?.(found.address) !== true) return;
    const state = Promise.resolve(stateOf(found.address));
    state.catch(() => {});
    asked.set(found, state);
  };
  return {
    list: pulledAhead(list, ASKED, ask),
    stateOf: (found) => asked.get(found) ?? stateOf(found.address),
  };
};
