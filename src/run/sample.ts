import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../errors.js';
import { shareOfSample } from '../options/sample.js';
import type { Listing } from './sources/source.js';

/**
 * The photos that are measured, of a run that measures some. A hash of a photo's name decides, so the same photos are measured
 * with each model, in each order, and in each shard its own.
 */

/** Hashes are below it. */
const ALL = 2 ** 48;

/** Other bytes than those that decide about shards, so that a sample is spread over all of them. */
const hashOf = (photo: string): number => hash('sha256', photo, 'buffer').readUIntBE(8, 6);

/** Whether a photo is in a sample. @param below from `sampleBelow`. Left out: all are. */
export const isInSample = (photo: string, below = ALL): boolean => hashOf(photo) < below;

/** Of numbers that come one by one, the smallest ones, each once. */
const smallest = (count: number) => {
  let kept: number[] = [];
  const cut = () => {
    kept = [...new Set(kept)].sort((a, b) => a - b).slice(0, count);
  };
  return {
    add: (value: number): void => {
      kept.push(value);
      if (kept.length >= count * 2 + 1000) cut();
    },
    all: (): readonly number[] => {
      cut();
      return kept;
    },
  };
};

/**
 * The hash that those of a sample's photos are below. Where their number is given all photos are listed for it, and it is those with
 * the lowest hashes.
 * @param sample in words, `500` or `1%`; undefined: all photos.
 * @param onListed called for each photo that is listed.
 * @returns undefined where the person interrupts while the photos are listed.
 * @throws UsageError `usage` where a number is given and the photos can be listed once only.
 */
export const sampleBelow = async (
  sample: string | undefined,
  { list, repeatable }: Pick<Listing, 'list' | 'repeatable'>,
  signal: AbortSignal,
  onListed: () => void = () => {},
): Promise<number | undefined> => {
  if (sample === undefined) return ALL;
  const share = shareOfSample(sample);
  if (share !== undefined) return share * ALL;
  if (!repeatable) {
    const message = `Standard input is read once, so its photos are not counted first; give --measure-sample as a share, such as 1%.`;
    throw new UsageError('usage', message);
  }
  const count = Number(sample);
  const lowest = smallest(count);
  let looked = 0;
  for await (const { photo, problem, inOutput } of list(signal)) {
    onListed();
    // Lets the event loop handle an interruption.
    if (++looked % 1000 === 0) await setImmediate();
    if (signal.aborted) return undefined;
    // Neither what is no photo nor what may be a picture of an earlier run of this kind.
    if (problem === undefined && inOutput === undefined) lowest.add(hashOf(photo));
  }
  const hashes = lowest.all();
  return hashes.length < count ? ALL : hashes[count - 1] + 1;
};
