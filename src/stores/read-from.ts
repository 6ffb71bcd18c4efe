import { reasonOf, UsageError } from '../errors.js';
import type { Store } from './store.js';

/** Reads a file to be copied. @throws UsageError `damaged-run`: writing did not fail, reading did. */
export async function* readFrom(source: Store, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* source.read(name);
  } catch (error) {
    const file = source.pathOf(name) ?? `${source.place}/${name}`;
    throw new UsageError('damaged-run', `${file} cannot be read (${reasonOf(error)}); see who may read it.`, error);
  }
}
