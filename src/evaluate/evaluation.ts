import type { LeftOut } from './judged.js';
import type { Interval } from './statistics/interval.js';
import type { Estimate, Outcome } from './statistics/statistic.js';

/** Files of an evaluation, in the run's folder. */
export const EVALUATION = 'evaluation.json';
export const EVALUATION_LINES = 'evaluation.jsonl';

/** Version of both files. Their first key states it, and tells them from anything else of these names. */
export const EVALUATION_VERSION = 1;

/** What a metric comes to. Shares are in [0, 1]. */
export interface MetricResult {
  /** Null: there is no case. */
  readonly value: number | null;
  readonly ci95: Interval | null;
  /** Number of photos or maps in it. */
  readonly n: number;
  /** The same of a bright spot in each photo's middle. Null where that has none. */
  readonly centre: { readonly value: number | null; readonly ci95: Interval | null } | null;
  /** The same of maps of chance, of what a run measured alone. */
  readonly random?: { readonly value: number | null; readonly ci95: Interval | null };
  /** By which rule it is computed. */
  readonly rule: string;
  /** Whether more is worse. */
  readonly isError?: true;
  readonly at?: Outcome['at'];
  /** Number of photos or maps that are not in it, by the reason. */
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
}

export interface ClassResult {
  readonly class: number;
  readonly label: string;
  readonly metrics: Readonly<Record<string, Pick<MetricResult, 'value' | 'ci95' | 'n'> & { readonly centre?: number }>>;
}

/** evaluation.json. */
export interface Evaluation {
  readonly evaluation: typeof EVALUATION_VERSION;
  /** Of gapcam. */
  readonly version: string;
  /** Lines of the manifest when it was evaluated. */
  readonly lines: number;
  /** When the last of its photos was explained, in milliseconds since 1970. 0: no line told. */
  readonly newest: number;
  readonly truth: string;
  readonly mapClasses?: string | undefined;
  readonly profile: string;
  /** Share of a map's largest value at which its box ends. */
  readonly threshold: number;
  readonly photos: number;
  /** Lines of the manifest that could not be read. */
  readonly unreadable: number;
  /** Sentences about photos, entries of the truth and classes that did not match. */
  readonly remarks: readonly string[];
  readonly metrics: Readonly<Record<string, MetricResult>>;
  readonly perClass: readonly ClassResult[];
}

const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** An estimate as the file has it. */
export const stated = ({ value, ci95, n }: Estimate) => ({ value: orNull(value), ci95: orNull(ci95), n });
