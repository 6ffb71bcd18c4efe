import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { systemCode } from '../errors.js';

/** What a run writes down about itself while it works in a folder. */
export interface Mark {
  /** Random, so that no two runs have the same. */
  readonly token: string;
  readonly process: number;
  /** When the process started, as the system counts it; processes' numbers are used again. Empty: the system does not tell. */
  readonly started: string;
  /** Where the process has that number: in one boot of a system, and one namespace of its processes. */
  readonly space: string;
  readonly host: string;
}

const valueOr = <T>(read: () => T, fallback: T): T => {
  try {
    return read();
  } catch {
    return fallback;
  }
};

/** Containers may share host name, processes' numbers and boot, but not the namespace. Other systems than Linux have none. */
const ownSpace = (): string =>
  valueOr(
    () => `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`,
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ mac }) => mac)
      .sort()
      .join(' '),
  );

/** The start time is the 22nd field, and the 2nd, the program's name in brackets, may hold spaces. */
const startOf = (id: number): string =>
  valueOr(() => readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '', '');

const isAlive = (id: number): boolean => {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return systemCode(error) === 'EPERM';
  }
};

/** The mark of this process. */
export const newMark = (): Mark => ({
  token: randomUUID(),
  process: process.pid,
  started: startOf(process.pid),
  space: ownSpace(),
  host: hostname(),
});

/** @returns undefined where the text is no mark. */
export const parseMark = (text: string): Mark | undefined => {
  const mark = valueOr<Partial<Mark> | null>(() => JSON.parse(text), null);
  const isMark =
    Number.isInteger(mark?.process) &&
    [mark?.token, mark?.started, mark?.space, mark?.host].every((field) => typeof field === 'string');
  return isMark ? (mark as Mark) : undefined;
};

/** Whether the run of a mark has ended. Undefined where its process cannot be seen from here. */
export const hasEnded = ({ process: id, started, space }: Mark): boolean | undefined => {
  if (space !== ownSpace()) return undefined;
  return !isAlive(id) || startOf(id) !== started;
};
