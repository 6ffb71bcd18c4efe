import { hash } from 'node:crypto';
import { invalidOption, UsageError } from '../errors.js';
import type { Shard } from '../results/settings.js';
import { type Scheduler, schedulers } from './schedulers.js';

/**
 * Whether a photo belongs to the shard. A hash of its name alone decides, so the photo stays in its shard when other
 * photos are added or removed.
 */
export const isInShard = (photo: string, { index, count }: Shard): boolean =>
  hash('sha256', photo, 'buffer').readUInt32BE() % count === index - 1;

type Environment = Readonly<Record<string, string | undefined>>;

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

const refused = (message: string): UsageError => new UsageError('no-shard', message);

/** The scheduler that started this process. @throws UsageError `no-shard` where none did, or several seem to have. */
const schedulerOf = (environment: Environment): Scheduler => {
  const met = schedulers.filter(({ index, alone }) => ![undefined, alone].includes(environment[index]));
  if (met.length === 1) return met[0];
  const variables = (met.length > 0 ? met : schedulers).map(({ index }) => index).join(', ');
  throw refused(
    met.length > 0
      ? `The environment is that of several job arrays at once (${variables}); give the part itself, as --shard 3/16.`
      : `--shard auto finds none of ${variables} in the environment; give it as 3/16.`,
  );
};

/** How a scheduler counts its jobs. Undefined: the environment does not say how many there are. */
const countingOf = ({ start, count, last, first, step }: Scheduler, environment: Environment) => {
  const numberOf = (variable: string | undefined) => wholeNumber(environment[variable ?? '']);
  const [from, by, end] = [numberOf(first) ?? start, numberOf(step) || 1, numberOf(last)];
  return { from, by, jobs: end === undefined ? numberOf(count) : Math.floor((end - from) / by) + 1 };
};

const fromEnvironment = (environment: Environment, given: number | undefined): Shard => {
  const scheduler = schedulerOf(environment);
  const { name, index, first, count, last } = scheduler;
  const { from, by, jobs: counted } = countingOf(scheduler, environment);
  const jobs = given ?? counted;
  if (jobs === undefined) {
    const where = count ?? last;
    const says = where === undefined ? 'does not say' : `does not say in ${where}`;
    throw refused(`The environment of ${name} ${says} how many jobs there are; give it as --shard auto/16.`);
  }
  if (from > 1) {
    throw refused(
      `The environment of ${name} says in ${first} that it starts at ${from}, as where single jobs are started again; give the part itself, as --shard 3/16.`,
    );
  }
  const position = wholeNumber(environment[index]);
  const place = position === undefined ? undefined : (position - from) / by + 1;
  if (place === undefined || !Number.isInteger(place) || place < 1 || place > jobs) {
    throw refused(
      `The environment of ${name} says job ${environment[index]} of ${jobs} in ${index}, which is none of them.`,
    );
  }
  return { index: place, count: jobs };
};

// A larger count is a typing error. Merging lists every missing shard, so the count is bounded.
const MOST = 100_000;

/**
 * @param text `3/16`; or `auto` or `auto/16`, which read the environment of a job array.
 * @throws UsageError `invalid-option`, `no-shard`.
 */
export const parseShard = (text: string, environment: Environment): Shard => {
  const [, first, second] = /^(auto|\d{1,9})(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  const count = wholeNumber(second);
  const isPossible = count === undefined || (count >= 1 && count <= MOST);
  if (first === 'auto' && isPossible) return fromEnvironment(environment, count);
  const index = wholeNumber(first);
  if (!isPossible || index === undefined || count === undefined || index < 1 || index > count) {
    throw invalidOption('shard', 'a part such as 3/16, or auto', text);
  }
  return { index, count };
};
