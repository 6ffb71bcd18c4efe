import type { FilePart, OpenFile } from '../storage/storage.js';
import { BLOCK } from './tar-header.js';
import { type Damage, type Member, membersOf } from './tar-members.js';
import { windowsOf } from './windows.js';

/** The members of an open file, at once. Closes it. */
export function* membersAtOnce({ size, read, close }: OpenFile): Generator<Member | Damage> {
  const block = Buffer.allocUnsafe(BLOCK);
  const members = membersOf(size);
  try {
    for (let step = members.next(); !step.done; ) {
      const found = step.value;
      if ('from' in found) {
        step = members.next(read(found.from, found.length === BLOCK ? block : Buffer.alloc(found.length)));
      } else {
        yield found;
        step = members.next();
      }
    }
  } finally {
    close();
  }
}

/** The members of a tar that is far away. @param part fetches its bytes. @param size of the tar, in bytes. */
export async function* membersFetched(
  part: (start: number, length: number) => Promise<FilePart>,
  size: number,
): AsyncGenerator<Member | Damage> {
  const read = windowsOf(part, size);
  const members = membersOf(size);
  for (let step = members.next(); !step.done; ) {
    const found = step.value;
    if ('from' in found) step = members.next(await read(found.from, found.length));
    else {
      yield found;
      step = members.next();
    }
  }
}
