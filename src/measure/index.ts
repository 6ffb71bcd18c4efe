import { ablation } from './ablation.js';
import { adcc } from './adcc.js';
import { deletion } from './deletion.js';
import { drop } from './drop.js';
import { insertion } from './insertion.js';
import type { Measure } from './measure.js';

/** The measures, by name. A new one is one file and one entry. */
export const measures = { insertion, deletion, drop, adcc, ablation } satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;

export const measureNames = Object.keys(measures) as readonly MeasureName[];

/** The profile of a measure: the wanted one where it has it, else its usual one. */
export const profileOf = (name: MeasureName, wanted: string | undefined): string => {
  const { profiles } = measures[name];
  return profiles.find((profile) => profile === wanted) ?? profiles[0];
};

/** The most forward passes that the measures of a photo take. @param maps number of its class maps. */
export const passesOf = (wanted: readonly MeasureName[], given: string | undefined, maps: number): number =>
  wanted.reduce((sum, name) => sum + measures[name].passes(profileOf(name, given), maps), 0);
