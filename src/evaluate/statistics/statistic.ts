import type { Interval } from './interval.js';

/** A number with its uncertainty. */
export interface Estimate {
  /** Undefined: there are no cases. */
  readonly value: number | undefined;
  readonly ci95: Interval | undefined;
  /** Number of cases. */
  readonly n: number;
}

/** What a statistic comes to. */
export interface Outcome extends Estimate {
  /** Best share and its threshold for each overlap in percent, where a threshold is looked for. */
  readonly at?: Readonly<Record<string, { readonly value: number; readonly threshold: number }>>;
  readonly classes: ReadonlyMap<number, Estimate>;
}

/** Gathers cases one after the other, in memory that does not grow with them. */
export interface Statistic<Case> {
  /** @param weights how often each sample has the case's photo. */
  readonly add: (given: Case, weights: Uint8Array) => void;
  readonly outcome: () => Outcome;
}
