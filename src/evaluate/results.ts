import { type ClassResult, type MetricResult, stated } from './evaluation.js';
import type { JudgedPhoto, LeftOut } from './judged.js';
import { type MetricName, metrics } from './metrics/index.js';
import { measuredMeans } from './metrics/measured.js';
import type { Circumstances, Metric } from './metrics/metric.js';
import type { Outcome } from './statistics/statistic.js';
import { SAMPLES, weigh } from './statistics/weights.js';

/** What one metric came to. */
interface Named {
  readonly name: string;
  readonly isError: boolean;
  readonly rule: string;
  readonly map: Outcome & { readonly leftOut?: ReadonlyMap<LeftOut, number> };
  readonly centre?: Outcome | undefined;
  readonly random?: Outcome | undefined;
}

const withoutN = (outcome: Outcome) => {
  const { value, ci95 } = stated(outcome);
  return { value, ci95 };
};

const metricResult = ({ isError, rule, map, centre, random }: Named): MetricResult => ({
  ...stated(map),
  centre: centre === undefined ? null : withoutN(centre),
  ...(random !== undefined && { random: withoutN(random) }),
  rule,
  ...(isError && { isError }),
  ...(map.at !== undefined && { at: map.at }),
  leftOut: Object.fromEntries(map.leftOut ?? []),
});

/** For each class its part of all metrics, in the order of classes. */
const perClass = (all: readonly Named[], labels: readonly string[]): readonly ClassResult[] => {
  const indices = new Set(all.flatMap(({ map }) => [...map.classes.keys()]));
  const partOf = ({ name, map, centre }: Named, index: number) => {
    const found = map.classes.get(index);
    const spot = centre?.classes.get(index)?.value;
    return found === undefined ? [] : [[name, { ...stated(found), ...(spot !== undefined && { centre: spot }) }]];
  };
  return [...indices]
    .sort((a, b) => a - b)
    .map((index) => ({
      class: index,
      label: labels[index],
      metrics: Object.fromEntries(all.flatMap((named) => partOf(named, index))),
    }));
};

/** A metric being gathered, of the maps and of a bright spot in the middle. */
const gathered = (name: MetricName, circumstances: Circumstances) => {
  const metric: Metric = metrics[name];
  const map = metric.begin('map', circumstances);
  const centre = metric.hasCentre ? metric.begin('centre', circumstances) : undefined;
  return {
    add: (photo: JudgedPhoto, weights: Uint8Array): void => {
      map.add(photo, weights);
      centre?.add(photo, weights);
    },
    named: (): Named => ({
      name,
      isError: metric.isError === true,
      rule: metric.words(circumstances),
      map: map.result(),
      centre: centre?.result(),
    }),
  };
};

/**
 * Gathers all metrics that are asked for, photo by photo.
 * @param measured whether means of what the run measured are gathered too.
 */
export const gatherer = (names: readonly MetricName[], measured: boolean, circumstances: Circumstances) => {
  const all = names.map((name) => gathered(name, circumstances));
  const means = measuredMeans();
  const weights = new Uint8Array(SAMPLES);
  return {
    add: (photo: JudgedPhoto): void => {
      weigh(photo.photo, weights);
      for (const { add } of all) add(photo, weights);
      if (measured) means.add(photo, weights);
    },
    /** @param labels of the network's classes. */
    results: (labels: readonly string[]) => {
      const rule = 'as the run measured it; the mean of all maps';
      const results = [...all.map(({ named }) => named()), ...means.means().map((mean) => ({ ...mean, rule }))];
      return {
        metrics: Object.fromEntries(results.map((named) => [named.name, metricResult(named)])),
        perClass: perClass(results, labels),
      };
    },
  };
};
